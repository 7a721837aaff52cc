// One generation of the worker on an engine that plays a script, as web-llm streams it.
import type { LoadedModel } from '../../renderer/inference/loadModel.ts'
import type { Pipeline } from '../../renderer/inference/pipeline.ts'
import type { Prompt, Sampling, WorkerEvent } from '../../renderer/inference/protocol.ts'
import type { Tokenizer } from '../../renderer/inference/tokenizer.ts'
import { write } from '../../renderer/inference/write.ts'
import type { PromptTemplate, Variant } from '../../shared/model.ts'
import { manifestOf } from './models.ts'

/** Words are tokens, `▁` a space; like SentencePiece, decoding drops a space at the start. */
function wordTokenizer(words: string[]): Tokenizer {
  const idOf = (word: string) => (words.includes(word) ? words.indexOf(word) : words.push(word) - 1)
  return {
    encode: (text) => Int32Array.from(text.match(/<s>| ?[^ ]+/g) ?? [], (word) => idOf(word)),
    decode: (ids) =>
      Array.from(ids, (id) => words[id] ?? '')
        .join('')
        .replace(/^ /, ''),
    idToToken: (id) => words[id] ?? '',
  }
}

interface Script {
  readonly variant: Variant
  /** In place of the variant's own. */
  readonly template?: PromptTemplate
  /** One word per token; web-llm drops the leading space of the first. */
  readonly words: readonly string[]
  readonly reason?: 'stop' | 'length' | 'abort'
  readonly gpuError?: string
  readonly sampling?: Partial<Sampling>
  /** web-llm knows only the stop strings that occur in its own message. */
  readonly throws?: Error
  /** Tokens before the GPU error. */
  readonly gpuErrorAfter?: number
  /** What was posted, also by a run that fails. */
  readonly events?: WorkerEvent[]
  /** The tokens that were computed. */
  readonly outputIds?: number[]
  readonly prompt: Prompt
  readonly stopAfter?: number
  /** Of the prompt; all of it where the cache is empty. */
  readonly readTokens?: number
}

export async function playWriting(script: Script) {
  const words = ['<unk>', '<s>', '</s>', 'a']
  const tokenizer = wordTokenizer(words)
  const outputIds = script.outputIds ?? []
  const asked: unknown[] = []
  let interrupts = 0
  let resets = 0
  let resetsBefore = 0
  const manifest = { ...manifestOf(script.variant), ...(script.template && { prompt: script.template }) }
  const { prompt: template } = manifest
  const stop = template.kind === 'turns' ? template.stopStrings[0] : undefined
  /** As web-llm keeps it: cut at a stop string once that is complete. */
  const message = () => {
    const whole = tokenizer.decode(Int32Array.from(outputIds))
    const at = stop === undefined ? -1 : whole.lastIndexOf(stop)
    return at < 0 ? whole : whole.slice(0, at)
  }
  async function* chunks() {
    let sent = 0
    for (const word of script.words) {
      if (interrupts > 0) break
      outputIds.push(tokenizer.encode(word)[0] ?? 0)
      if (script.sampling?.alternatives) {
        const id = outputIds.at(-1) ?? 0
        const probabilities = Float32Array.from({ length: 12 }, (_, at) => (at === id ? 0.5 : at === 2 ? 0.25 : 0))
        pipeline.onStep({ id, probabilities }, script.sampling.alternatives)
      }
      yield { choices: [{ text: message().slice(sent), delta: { content: message().slice(sent) } }] }
      sent = message().length
    }
    if (script.throws !== undefined) throw script.throws
    yield { choices: [{ text: '', delta: {}, finish_reason: interrupts > 0 ? 'abort' : (script.reason ?? 'length') }] }
    yield {
      choices: [],
      usage: {
        prompt_tokens: script.readTokens ?? 1000,
        completion_tokens: outputIds.length,
        extra: { decode_tokens_per_s: Number.NaN },
      },
    }
  }
  const create = async (request: unknown) => {
    asked.push(request)
    resetsBefore = resets
    return chunks()
  }
  const engine = {
    chat: { completions: { create } },
    interruptGenerate: async () => {
      interrupts += 1
    },
    getMessage: async () => message(),
    resetChat: async () => {
      resets += 1
    },
  }
  const pipeline: Pipeline = { tokenizer, outputIds: () => outputIds, onStep: () => {} }
  const loaded: LoadedModel = {
    engine: engine as unknown as LoadedModel['engine'],
    pipeline,
    tokenizer,
    textOf: (id) => words[id] ?? '',
    specials: ['<s>', '</s>'],
    takeGpuError: () => (outputIds.length >= (script.gpuErrorAfter ?? 0) ? (script.gpuError ?? null) : null),
    memoryBytes: () => 14_000_000,
  }
  const events = script.events ?? []
  const deltas = () => events.flatMap((event) => (event.kind === 'delta' ? [event.text] : []))
  const task = {
    id: 1,
    prompt: script.prompt,
    sampling: { temperature: 0.5, topP: 0.9, maxTokens: 32, seed: 7, ...script.sampling },
    isStopped: () => script.stopAfter !== undefined && outputIds.length >= script.stopAfter,
  }
  await write(loaded, manifest, task, (event) => events.push(event))
  const tokens = events.flatMap((event) => (event.kind === 'delta' ? (event.tokens ?? []) : []))
  return { deltas: deltas(), tokens, done: events.at(-1), first: events[0], asked, resets, resetsBefore }
}
