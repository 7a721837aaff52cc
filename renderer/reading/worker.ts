// The parsing worker: one block after the other, each answered once. Its page ends it when one takes too long (reader.ts).
import { parseBlock } from './parseBlock.ts'
import type { WorkerMessage, WorkerOrder } from './protocol.ts'

const say = (message: WorkerMessage) => postMessage(message)

addEventListener('message', ({ data: { id, request } }: MessageEvent<WorkerOrder>) => {
  say({ kind: 'answer', id, answer: parseBlock(request) })
})
say({ kind: 'ready' })
