// The process that keeps chats: SQLite there is synchronous, and a commit that waits for the disk keeps nobody waiting but who asked for it. It can be
// killed at any moment; main starts another.
import { readChatsFile } from '../../shared/chats/import/readChatsFile.ts'
import { processPort } from '../ipc/remote.ts'
import { serve } from '../ipc/serve.ts'
import { createCopies } from '../services/chats/copies.ts'
import { openChats } from '../services/chats/openChats.ts'
import { processRequests, processStart } from './contract.ts'
import { chatsHandlers } from './handlers.ts'

const { parentPort } = process
const { port } = processPort({
  post: (message) => parentPort.postMessage(message),
  receive: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
})
const start = processStart.parse(JSON.parse(process.argv.at(-1) ?? ''))
const report = (what: string, error: unknown) => console.error(`hearth: ${what}:`, error)
const chats = openChats({ ...start, report: (error) => report('the file with the chats is damaged', error) })

/** When the app quits; a process that is killed outright leaves its log for the next one. */
process.once('SIGTERM', () => {
  chats[Symbol.dispose]()
  process.exit(0)
})

const copies = createCopies({
  ...start,
  chats,
  workerUrl: new URL('chatsBackupWorker.js', import.meta.url),
  now: Date.now,
})
serve(port, processRequests, chatsHandlers(chats, readChatsFile, copies), report)
try {
  chats.ask((all) => all.overview())
} catch (error) {
  // Whoever asks is told, and it is tried again.
  report('chats', error)
}

const settleMs = 10_000
setInterval(() => {
  try {
    chats.settle()
  } catch (error) {
    report('chats were not settled', error)
  }
}, settleMs).unref()

const hourMs = 60 * 60 * 1000
async function backUp(): Promise<void> {
  try {
    const outcome = await copies.keep()
    if (outcome.kind === 'damaged' || outcome.kind === 'failed') report('chats were not copied', outcome.detail)
  } catch (error) {
    report('chats were not copied', error)
  }
}
void backUp()
setInterval(() => void backUp(), hourMs).unref()
