// One run of a loaded model as a stream of events.
import type { ExactPrompt, TracedToken } from '../../shared/chats/types.ts'
import type { GenerationStats } from '../../shared/ipc.ts'
import { InferenceError } from './inferenceError.ts'
import type { Finish, Omitted, Prompt, Sampling, WorkerEvent } from './protocol.ts'
import type { Session } from './session.ts'

export type GenerationEvent =
  /** `exact`: as it was sent, for the record. */
  | { readonly kind: 'prompt'; readonly promptTokens: number; readonly omitted: Omitted; readonly exact: ExactPrompt }
  /** `tokens`: those written since the last delta, where they were asked for; their text may still be held back. */
  | { readonly kind: 'delta'; readonly text: string; readonly tokens?: readonly TracedToken[] }
  /** `cachedTokens`: of the prompt, remembered from the turns before. */
  | { readonly kind: 'done'; readonly stats: GenerationStats; readonly finish: Finish; readonly cachedTokens: number }

/** Asks the session's worker to write; ends with `done` or throws InferenceError. */
export async function* generate(
  session: Session,
  prompt: Prompt,
  sampling: Sampling,
  signal: AbortSignal,
): AsyncGenerator<GenerationEvent, void, void> {
  const queue: WorkerEvent[] = []
  let wake = () => {}
  const { id, close } = session.listen((event) => {
    queue.push(event)
    wake()
  })
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
          const { promptTokens, omitted, exact } = event
          yield { kind: 'prompt', promptTokens, omitted, exact }
        } else if (event.kind === 'delta') {
          const { text, tokens } = event
          yield { kind: 'delta', text, ...(tokens && { tokens }) }
        } else if (event.kind === 'done') {
          finished = true
          yield { kind: 'done', stats: event.stats, finish: event.finish, cachedTokens: event.cachedTokens }
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
    close()
    if (!finished) stop()
  }
}
