// The inference worker: one model, one request at a time. web-llm is imported only once its surroundings are in place.
import { problemOf } from './inferenceError.ts'
import { type LoadedModel, loadModel } from './loadModel.ts'
import { inspectPrompt } from './promptTokens.ts'
import type { WorkerEvent, WorkerRequest } from './protocol.ts'
import { write } from './write.ts'

type GenerateRequest = Extract<WorkerRequest, { readonly kind: 'generate' }>
type InspectRequest = Extract<WorkerRequest, { readonly kind: 'inspect' }>

let serve: ((request: GenerateRequest) => Promise<void>) | null = null
let inspect: ((request: InspectRequest) => void) | null = null
let engine: LoadedModel['engine'] | null = null
const stopped = new Set<number>()
const lossGraceMs = 200

/** When the device goes, web-llm may fail before the loss is told: the page should hear of the loss first, and then it ends this worker. */
const lossIsTold = () => new Promise<void>((resolve) => setTimeout(resolve, lossGraceMs))

function post(event: WorkerEvent): void {
  self.postMessage(event)
}

self.addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  switch (data.kind) {
    case 'load':
      return void load(data)
    case 'generate':
      return void serve?.(data)
    case 'inspect':
      return inspect?.(data)
    case 'stop':
      stopped.add(data.id)
      return void engine?.interruptGenerate()
    default:
      return data satisfies never
  }
})

async function load({ model }: Extract<WorkerRequest, { readonly kind: 'load' }>): Promise<void> {
  try {
    const loaded = await loadModel(model, {
      adapter: (adapter) => post({ kind: 'adapter', adapter }),
      progress: (progress) => post({ kind: 'progress', progress }),
      lost: (detail) => post({ kind: 'lost', detail }),
      // While it writes the loss is what counts: the model is loaded again.
      outOfMemory: (problem) =>
        post(
          serve === null ? { kind: 'load-failed', problem } : { kind: 'lost', detail: 'the device has no memory left' },
        ),
    })
    engine = loaded.engine
    const answer = async ({ id, prompt, sampling }: GenerateRequest) => {
      try {
        await write(loaded, model.manifest, { id, prompt, sampling, isStopped: () => stopped.has(id) }, post)
      } catch (error) {
        await lossIsTold()
        post({ kind: 'failed', id, problem: problemOf(error, 'write-failed') })
        // What is in the cache belongs to no answer. A lost device cannot clear it, and does not have to.
        await loaded.engine.resetChat(true).catch(() => {})
      } finally {
        stopped.delete(id)
      }
    }
    let last = Promise.resolve()
    serve = (request) => {
      last = last.then(() => answer(request))
      return last
    }
    // Not in the queue of runs: reading a prompt touches nothing that a run needs.
    inspect = ({ id, prompt, maxTokens }) => {
      try {
        post({ kind: 'inspected', id, inspected: inspectPrompt(loaded, model.manifest, prompt, maxTokens) })
      } catch (error) {
        post({ kind: 'failed', id, problem: problemOf(error, 'write-failed') })
      }
    }
    post({ kind: 'ready', memoryBytes: loaded.memoryBytes() })
  } catch (error) {
    await lossIsTold()
    post({ kind: 'load-failed', problem: problemOf(error, 'load-failed') })
  }
}
