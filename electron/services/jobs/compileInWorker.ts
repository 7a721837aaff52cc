// The other side of the compile worker: starts it, answers what it asks, ends it when it is not wanted any more.
import { Worker } from 'node:worker_threads'
import type { StoredFile } from '../../../shared/model.ts'
import { ServiceError } from '../serviceError.ts'
import type { CompileHost, CompileTask } from './compileTask.ts'
import type { FromWorker, Question, ToWorker } from './compileWire.ts'
import { errorOf } from './problems.ts'

/** Beside its blocks the compiler holds a tokenizer and the headers; a model of a hundred billion weights does not take more. */
const heapMB = 4096

/**
 * Compiles in a worker, and gives the files of the source that the model uses as they are. Rejects with the problem of the input, with what `host` rejected with, with ServiceError stopped-itself when the worker ended on its
 * own, or with the signal's reason; the worker is gone by then.
 */
export async function compileInWorker(
  workerUrl: URL,
  task: CompileTask,
  host: CompileHost,
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  signal.throwIfAborted()
  const worker = new Worker(workerUrl, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: heapMB } })
  const ended = new AbortController()
  const asking = AbortSignal.any([signal, ended.signal])
  try {
    return await new Promise<readonly StoredFile[]>((resolve, reject) => {
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true, signal: ended.signal })
      const reply = (id: number, question: Question) =>
        answer(question, host, asking).then(
          (value) => worker.postMessage({ kind: 'answer', id, ok: true, value } satisfies ToWorker),
          reject,
        )
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ask') void reply(message.id, message.question)
        else if (message.kind === 'progress') host.progress(message.progress)
        else if (message.kind === 'done') resolve(message.used)
        else reject(message.problem === null ? new Error(message.message) : errorOf(message.problem))
      })
      worker.on('error', (cause) => reject(stoppedItself(cause.message, cause)))
      worker.on('exit', (code) => reject(stoppedItself(`the compiler ended with code ${code}`)))
    })
  } finally {
    ended.abort()
    await worker.terminate()
  }
}

async function answer(question: Question, host: CompileHost, signal: AbortSignal) {
  switch (question.what) {
    case 'place':
      return await host.place(question.name, signal)
    case 'early':
      return await host.early(question.name, question.offset, question.length, signal)
    case 'write':
      await host.write(question.name, question.chunk, signal)
      return null
    default:
      return question satisfies never
  }
}

function stoppedItself(detail: string, cause?: unknown): ServiceError {
  return new ServiceError({ code: 'stopped-itself', detail: detail.slice(0, 300) }, { cause })
}
