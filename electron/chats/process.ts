// The process that keeps chats: SQLite there is synchronous, and a commit that waits for the disk keeps nobody waiting but who asked for it. It can be
// killed at any moment; main starts another.
import { processPort } from '../ipc/remote.ts'
import { serve } from '../ipc/serve.ts'
import type { Chats } from '../services/chats/chats.ts'
import { openChats } from '../services/chats/openChats.ts'
import { processRequests, processStart } from './contract.ts'
import { chatsHandlers } from './handlers.ts'

const { parentPort } = process
const { port } = processPort({
  post: (message) => parentPort.postMessage(message),
  receive: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
})
const start = processStart.parse(JSON.parse(process.argv.at(-1) ?? ''))

let chats: Chats | null = null
function opened(): Chats {
  chats ??= openChats({ ...start, readChatsFile: () => ({ chats: [], skipped: [] }) })
  return chats
}

/** When the app quits; a process that is killed outright leaves its log for the next one. */
process.once('SIGTERM', () => {
  chats?.[Symbol.dispose]()
  process.exit(0)
})

const report = (what: string, error: unknown) => console.error(`hearth: ${what}:`, error)
serve(port, processRequests, chatsHandlers(opened), report)
try {
  opened()
} catch (error) {
  // Whoever asks is told, and it is tried again.
  report('chats', error)
}
