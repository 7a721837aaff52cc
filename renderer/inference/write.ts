// One generation inside the worker: fits the prompt into the context, streams what web-llm writes, measures.
import type { ModelManifest } from '../../shared/model.ts'
import { type Chunk, request, type Usage } from './completion.ts'
import { heldBackLength } from './heldBack.ts'
import { InferenceError } from './inferenceError.ts'
import type { LoadedModel } from './loadModel.ts'
import { preparePrompt } from './preparePrompt.ts'
import type { Finish, Prompt, Sampling, WorkerEvent } from './protocol.ts'
import { beginsWithSpace } from './tokenizer.ts'

export interface WriteTask {
  readonly id: number
  readonly prompt: Prompt
  readonly sampling: Sampling
  /** Asked to stop: looked at after each token. */
  readonly isStopped: () => boolean
}

/** Writes until the model ends, the length is reached or it is stopped; times in ms from the call. Throws InferenceError. */
export async function write(
  loaded: LoadedModel,
  manifest: ModelManifest,
  task: WriteTask,
  post: (event: WorkerEvent) => void,
): Promise<void> {
  const startedMs = performance.now()
  const prepared = preparePrompt(loaded, manifest, task.prompt, task.sampling.maxTokens)
  const { id } = task
  const { promptTokens, omitted, exact } = prepared
  // What a record holds is run from an empty cache, so that nothing but the record decides.
  if (task.prompt.kind === 'exact') await loaded.engine.resetChat(true)
  post({ kind: 'prompt', id, promptTokens, omitted, exact })
  const stopStrings = manifest.prompt.kind === 'turns' ? manifest.prompt.stopStrings : []
  const gap = manifest.prompt.kind === 'turns' ? manifest.prompt.dialogue?.replyGap || ' ' : ' '
  const withoutGap = (message: string) => (message.startsWith(gap) ? message.slice(gap.length) : message)
  const shown = (message: string) =>
    prepared.continues ? leadingSpace(loaded, message) + message : withoutGap(message)
  let sent = ''
  const send = (text: string) => {
    if (text.length <= sent.length) return
    post({ kind: 'delta', id, text: text.slice(sent.length) })
    sent = text
  }

  let message = ''
  let firstTokenMs: number | null = null
  let finish: Finish = 'stop'
  let usage: Usage | undefined
  let gpuError: string | null = null
  for await (const chunk of request(loaded.engine, prepared, task.sampling)) {
    gpuError ??= loaded.takeGpuError()
    if (task.isStopped() || gpuError !== null) await loaded.engine.interruptGenerate()
    if (chunk.kind === 'usage') usage = chunk.usage
    else if (chunk.kind === 'end') finish = finishOf(chunk)
    else {
      firstTokenMs ??= performance.now() - startedMs
      message += chunk.text
      const text = shown(message)
      if (gpuError === null) send(text.slice(0, text.length - heldBackLength(text, stopStrings)))
    }
  }
  gpuError ??= loaded.takeGpuError()
  if (gpuError !== null) throw new InferenceError({ code: 'write-failed', detail: gpuError })
  // web-llm's final message is cut at a stop string; what was held back is part of it or not.
  const whole = await loaded.engine.getMessage()
  send(shown(whole))
  if (exact.kind === 'turns' && !cacheHolds(loaded, manifest, whole)) await loaded.engine.resetChat(true)
  post({
    kind: 'done',
    id,
    finish,
    memoryBytes: loaded.memoryBytes(),
    stats: {
      promptTokens,
      completionTokens: usage?.completion_tokens ?? 0,
      timeToFirstTokenMs: firstTokenMs ?? performance.now() - startedMs,
      decodeTokensPerSecond: finiteOrZero(usage?.extra.decode_tokens_per_s),
    },
  })
}

/**
 * Whether the conversation can go on from web-llm's cache: it lacks the end of a turn unless the next one brings it, and holds the tokens of a stop
 * string that is no part of the reply. web-llm itself starts anew after a reply that was interrupted or reached its length.
 */
function cacheHolds({ tokenizer, outputIds }: LoadedModel, { prompt }: ModelManifest, message: string): boolean {
  const brought = prompt.kind === 'turns' && prompt.dialogue !== undefined
  return brought && tokenizer.decode(Int32Array.from(outputIds())) === message
}

/** The space between the text and its continuation, where decoding has dropped it. */
function leadingSpace({ tokenizer, outputIds }: LoadedModel, message: string): string {
  const firstId = outputIds()[0]
  if (firstId === undefined || message.startsWith(' ')) return ''
  return beginsWithSpace(tokenizer, firstId) ? ' ' : ''
}

function finishOf({ reason }: Extract<Chunk, { readonly kind: 'end' }>): Finish {
  return reason === 'abort' ? 'stopped' : reason === 'length' ? 'length' : 'stop'
}

function finiteOrZero(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0
}
