// One run of a loaded model as a stream of events.
import type { GenerationStats } from '../../shared/ipc.ts'
import { InferenceError } from './inferenceError.ts'
import type { Finish, Omitted, Prompt, Sampling, WorkerEvent } from './protocol.ts'
import type { Session } from './session.ts'

export type GenerationEvent =
  | { readonly kind: 'prompt'; readonly promptTokens: number; readonly omitted: Omitted }
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'done'; readonly stats: GenerationStats; readonly finish: Finish }

let nextId = 1

/** Asks the session's worker to write; ends with `done` or throws InferenceError. */
export async function* generate(
  session: Session,
  prompt: Prompt,
  sampling: Sampling,
  signal: AbortSignal,
): AsyncGenerator<GenerationEvent, void, void> {
  const id = nextId++
  const queue: WorkerEvent[] = []
  let wake = () => {}
  session.listener = (event) => {
    if ('id' in event && event.id !== id) return
    queue.push(event)
    wake()
  }
  const stop = () => session.worker.postMessage({ kind: 'stop', id })
  session.worker.postMessage({ kind: 'generate', id, prompt, sampling })
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  let finished = false
  try {
    while (!finished) {
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      for (const event of queue.splice(0)) {
        if (event.kind === 'prompt') {
          yield { kind: 'prompt', promptTokens: event.promptTokens, omitted: event.omitted }
        } else if (event.kind === 'delta') yield { kind: 'delta', text: event.text }
        else if (event.kind === 'done') {
          finished = true
          yield { kind: 'done', stats: event.stats, finish: event.finish }
        } else if (event.kind === 'failed') {
          finished = true
          throw new InferenceError(event.problem)
        } else if (event.kind === 'lost') {
          // Of an ended worker nobody is left to ask; one that stays warm has to stop.
          finished = !session.isReady
          throw new InferenceError({ code: 'device-lost', detail: event.detail })
        }
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    if (!finished) stop()
  }
}
