#!/usr/bin/env node
// The command line: `npx hearth run | compile | list`. Only finds Node 24; hearth.ts does the work.
import { fileURLToPath } from 'node:url'
import { onNode24 } from './node24.mjs'

await onNode24('hearth.ts', fileURLToPath(import.meta.url))
