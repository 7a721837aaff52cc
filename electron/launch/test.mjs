// `npm test`: only finds Node 24; test.ts does the work.
import { fileURLToPath } from 'node:url'
import { onNode24 } from './node24.mjs'

await onNode24('test.ts', fileURLToPath(import.meta.url))
