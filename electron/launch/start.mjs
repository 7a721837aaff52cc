// `npm start`: only finds Node 24; start.ts does the work.
import { fileURLToPath } from 'node:url'
import { onNode24 } from './node24.mjs'

await onNode24('start.ts', fileURLToPath(import.meta.url))
