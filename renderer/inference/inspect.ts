// A prompt as the loaded model would read it. The worker answers also while it writes.
import { InferenceError } from './inferenceError.ts'
import type { InspectedPrompt, Prompt } from './protocol.ts'
import type { Session } from './session.ts'

/** Asks the session's worker for the tokens. Throws InferenceError, or the signal's reason. */
export async function inspect(
  session: Session,
  prompt: Prompt,
  maxTokens: number,
  signal: AbortSignal,
): Promise<InspectedPrompt> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<InspectedPrompt>()
  const { id, close } = session.listen((event) => {
    if (event.kind === 'inspected') resolve(event.inspected)
    else if (event.kind === 'failed') reject(new InferenceError(event.problem))
    else if (event.kind === 'lost') reject(new InferenceError({ code: 'device-lost', detail: event.detail }))
  })
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  session.worker.postMessage({ kind: 'inspect', id, prompt, maxTokens })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    close()
  }
}
