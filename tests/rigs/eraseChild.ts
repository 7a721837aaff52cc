// A process that opens chats in a new run and takes out of all copies what was removed before. It is made to be killed.
// node tests/rigs/eraseChild.ts <folder> <milliseconds since 1970>
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { keepCopies } from '../../electron/services/chats/keepCopies.ts'
import { keptChats } from '../support/chats.ts'

const [folder = '', nowMs] = process.argv.slice(2)
const run = randomUUID()
writeSync(1, 'begin\n')
using kept = keptChats({ folder, run })
kept.overview()
const outcome = keepCopies({ folder, run, nowMs: Number(nowMs) })
if ('erased' in outcome) kept.erased(outcome.erased)
writeSync(1, `${JSON.stringify(outcome)}\n`)
