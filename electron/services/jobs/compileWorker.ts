// The worker's side: compiles in a thread of its own, so that neither downloads nor the window wait for it. It ends with its task, or from outside.
import { parentPort, workerData } from 'node:worker_threads'
import { type CompileHost, type CompileTask, runCompile } from './compileTask.ts'
import type { FromWorker, Question, ToWorker } from './compileWire.ts'
import { expectedProblem } from './problems.ts'
import type { InputPlace } from './streamingSource.ts'

const port = parentPort
if (port === null) throw new Error('this runs in a worker')
const open = new Map<number, (answer: ToWorker) => void>()
let nextId = 1

const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
port.on('message', (answer: ToWorker) => {
  open.get(answer.id)?.(answer)
  open.delete(answer.id)
})

async function ask(question: Question, transfer: ArrayBuffer[] = []): Promise<InputPlace | Uint8Array | null> {
  const id = nextId++
  const answer = await new Promise<ToWorker>((resolve) => {
    open.set(id, resolve)
    send({ kind: 'ask', id, question }, transfer)
  })
  if (!answer.ok) throw new Error(`${question.what} of ${question.name} was refused`)
  return answer.value
}

const host: CompileHost = {
  place: async (name) => (await ask({ what: 'place', name })) as InputPlace,
  early: async (name, offset, length) =>
    (await ask({ what: 'early', name, offset, length })) as Uint8Array<ArrayBuffer> | null,
  write: async (name, chunk) => {
    // The compiler may use its buffer again, so the copy that crosses is this one.
    const copy = new Uint8Array(chunk)
    await ask({ what: 'write', name, chunk: copy }, [copy.buffer])
  },
  progress: (progress) => send({ kind: 'progress', progress }),
}

const { signal } = new AbortController()
runCompile(workerData as CompileTask, host, signal).then(
  (used) => send({ kind: 'done', used }),
  (error: unknown) =>
    send({
      kind: 'failed',
      problem: expectedProblem(error),
      message: error instanceof Error ? error.message : String(error),
    }),
)
