// One generation inside the worker: fits the prompt into the context, streams what web-llm writes, measures.
import type { TracedToken } from '../../shared/chats/types.ts'
import type { ModelManifest } from '../../shared/model.ts'
import { prefixTokenIds } from '../../shared/prompts/convTemplate.ts'
import { type Chunk, request, type Usage } from './completion.ts'
import { heldBackLength, stopPlace } from './heldBack.ts'
import { InferenceError } from './inferenceError.ts'
import type { LoadedModel } from './loadModel.ts'
import { type PreparedPrompt, preparePrompt } from './preparePrompt.ts'
import type { Finish, Prompt, Sampling, WorkerEvent } from './protocol.ts'
import { beginsWithSpace } from './tokenizer.ts'
import { traceToken } from './traceTokens.ts'

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
  const { id, sampling } = task
  const { engine, pipeline } = loaded
  const prepared = preparePrompt(loaded, manifest, task.prompt, sampling.maxTokens)
  const { promptTokens, omitted, exact } = prepared
  if (prepared.continues && exact.kind === 'turns' && sampling.jsonSchema != null)
    throw new InferenceError({ code: 'bad-schema', detail: 'a reply that has begun cannot become JSON of a schema' })
  // What a record holds is run from an empty cache, so that nothing but the record decides.
  if (task.prompt.kind === 'exact' || sampling.fromEmptyCache === true) await engine.resetChat(true)
  post({ kind: 'prompt', id, promptTokens, omitted, exact })

  const stopStrings = [
    ...(manifest.prompt.kind === 'turns' ? manifest.prompt.stopStrings : []),
    ...(sampling.stopStrings ?? []),
  ]
  const traced: TracedToken[] = []
  pipeline.onStep = (step, alternatives) => traced.push(traceToken(step, alternatives, loaded.textOf))
  let sent = ''
  let sentTokens = 0
  const send = (text: string) => {
    // The token that stops a reply was drawn, but is no part of it.
    const tokens = traced.slice(sentTokens, pipeline.outputIds().length)
    const grown = text.length > sent.length
    if (!grown && tokens.length === 0) return
    post({ kind: 'delta', id, text: grown ? text.slice(sent.length) : '', ...(tokens.length > 0 && { tokens }) })
    if (grown) sent = text
    sentTokens += tokens.length
  }

  let message = ''
  let stopsHere = false
  let firstTokenMs: number | null = null
  let finish: Finish = 'stop'
  let usage: Usage | undefined
  let gpuError: string | null = null
  for await (const chunk of request(engine, prepared, sampling)) {
    gpuError ??= loaded.takeGpuError()
    if (task.isStopped() || gpuError !== null || stopsHere) await engine.interruptGenerate()
    if (chunk.kind === 'usage') usage = chunk.usage
    else if (chunk.kind === 'end') finish = finishOf(chunk)
    else if (gpuError === null) {
      firstTokenMs ??= performance.now() - startedMs
      message += chunk.text
      const text = shown(loaded, manifest, prepared, message)
      const place = stopPlace(text, stopStrings)
      send(place < 0 ? text.slice(0, text.length - heldBackLength(text, stopStrings)) : text.slice(0, place))
      if (place >= 0 && !stopsHere) {
        stopsHere = true
        await engine.interruptGenerate()
      }
    }
  }
  gpuError ??= loaded.takeGpuError()
  if (gpuError !== null) throw new InferenceError({ code: 'write-failed', detail: gpuError })
  // web-llm's final message is cut at a stop string; what was held back is part of it or not.
  const whole = await engine.getMessage()
  const text = shown(loaded, manifest, prepared, whole)
  const place = stopPlace(text, stopStrings)
  send(place < 0 ? text : text.slice(0, place))
  if (exact.kind === 'turns' && !cacheHolds(loaded, manifest, whole)) await engine.resetChat(true)
  post({
    kind: 'done',
    id,
    finish: place >= 0 ? 'stop' : finish,
    cachedTokens: rememberedTokens(manifest, promptTokens, usage),
    memoryBytes: loaded.memoryBytes(),
    stats: {
      promptTokens,
      completionTokens: usage?.completion_tokens ?? 0,
      timeToFirstTokenMs: firstTokenMs ?? performance.now() - startedMs,
      decodeTokensPerSecond: finiteOrZero(usage?.extra.decode_tokens_per_s),
    },
  })
}

/** web-llm's message as it reads on from what stands there, or without the gap that the model writes between the opened reply and its first word. */
function shown(loaded: LoadedModel, { prompt }: ModelManifest, { continues }: PreparedPrompt, message: string): string {
  if (continues) return leadingSpace(loaded, message) + message
  const gap = prompt.kind === 'turns' ? prompt.dialogue?.replyGap || ' ' : ' '
  return message.startsWith(gap) ? message.slice(gap.length) : message
}

/**
 * Whether the conversation can go on from web-llm's cache: it lacks the end of a turn unless the next one brings it, and holds the tokens of a stop
 * string that is no part of the reply. web-llm itself starts anew after a reply that was interrupted or reached its length.
 */
function cacheHolds({ tokenizer, pipeline }: LoadedModel, { prompt }: ModelManifest, message: string): boolean {
  const brought = prompt.kind === 'turns' && prompt.dialogue !== undefined
  return brought && tokenizer.decode(Int32Array.from(pipeline.outputIds())) === message
}

/** Of the prompt: web-llm says how many it read, without the ids in front, which it reads where it remembers nothing. */
function rememberedTokens(manifest: ModelManifest, promptTokens: number, usage: Usage | undefined): number {
  const readTokens = usage?.prompt_tokens ?? promptTokens
  return readTokens < promptTokens - prefixTokenIds(manifest).length ? promptTokens - readTokens : 0
}

/** The space between the text and its continuation, where decoding has dropped it. */
function leadingSpace({ tokenizer, pipeline }: LoadedModel, message: string): string {
  const firstId = pipeline.outputIds()[0]
  if (firstId === undefined || message.startsWith(' ')) return ''
  return beginsWithSpace(tokenizer, firstId) ? ' ' : ''
}

function finishOf({ reason }: Extract<Chunk, { readonly kind: 'end' }>): Finish {
  return reason === 'abort' ? 'stopped' : reason === 'length' ? 'length' : 'stop'
}

function finiteOrZero(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0
}
