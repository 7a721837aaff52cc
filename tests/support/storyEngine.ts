// An engine without a GPU that writes a given text word by word, or one for each model. The test decides when each word comes.
import type { Engine, LoadWatcher, MemoryTogether } from '../../renderer/inference/engine.ts'
import type { GenerationEvent } from '../../renderer/inference/generate.ts'
import { InferenceError } from '../../renderer/inference/inferenceError.ts'
import type { AdapterReport, InspectedPrompt, Problem, Prompt, Sampling } from '../../renderer/inference/protocol.ts'
import type { ExactPrompt } from '../../shared/chats/types.ts'
import type { InstalledModel } from '../../shared/model.ts'

export const softwareAdapter: AdapterReport = {
  name: 'google swiftshader',
  software: true,
  halfPrecision: false,
  library: 'software',
}

export interface StoryEngine extends Engine {
  readonly loads: InstalledModel[]
  readonly requests: { readonly prompt: Prompt; readonly sampling: Sampling }[]
  readonly inspections: { readonly prompt: Prompt; readonly maxTokens: number }[]
  /** Problem of the next load; null loads. */
  loadProblem: Problem | null
  /** Problem thrown before the first word of the next run; null writes. */
  writeProblem: Problem | null
  /** Problem of an inspection; null answers with the words of the prompt as its tokens. */
  inspectProblem: Problem | null
  /** What models take together; where it is more than there is, a model takes the place of the one before. */
  memory: Pick<MemoryTogether, 'needBytes' | 'haveBytes'>
  /** Lets one more word through, now or when it is waited for; with a key only of that model. */
  step(key?: string): void
  lose(detail: string): void
  /** One model's worker ends by itself. */
  crash(key: string): void
}

export interface StoryOptions {
  readonly words: readonly string[] | ((model: InstalledModel) => readonly string[])
  readonly adapter?: AdapterReport
  /** Words wait for `step()` instead of coming at once. */
  readonly byHand?: boolean
  /** Of each prompt, as if the turns before were remembered. */
  readonly cachedTokens?: number
  readonly loading?: (watcher: LoadWatcher) => Promise<void>
}

export function storyEngine(options: StoryOptions): StoryEngine {
  const { words, adapter = softwareAdapter, byHand = false, cachedTokens = 0, loading } = options
  let watching: LoadWatcher | null = null
  let inUse: InstalledModel | null = null
  let held: readonly InstalledModel[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const go of [...waiting]) go()
  }
  const steps: (string | null)[] = []
  const crashed = new Set<string>()
  /** A run belongs to the device it started on. */
  let device = 0
  let lost: Problem = { code: 'device-lost', detail: '' }

  async function* write(
    model: InstalledModel | null,
    prompt: Prompt,
    sampling: Sampling,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationEvent, void, void> {
    const key = model?.key ?? null
    engine.requests.push({ prompt, sampling })
    if (engine.writeProblem !== null) throw new InferenceError(engine.writeProblem)
    yield { kind: 'prompt', promptTokens: 5, omitted: { characters: 0, turns: 0 }, exact: exactOf(prompt) }
    const own = device
    const isOver = () => own !== device || crashed.has(key ?? '')
    const mayStep = () => steps.findIndex((step) => step === null || step === key)
    let written = 0
    for (const word of typeof words !== 'function' ? words : model === null ? [] : words(model)) {
      while (byHand && mayStep() < 0 && !isOver() && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.add(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
        await promise
        waiting.delete(resolve)
      }
      if (byHand && !isOver() && !signal.aborted) steps.splice(mayStep(), 1)
      if (isOver()) throw new InferenceError(lost)
      if (signal.aborted) break
      written += 1
      const tokens = [{ id: written, text: word, logProbability: -0.5, alternatives: [] }]
      yield { kind: 'delta', text: word, ...(sampling.alternatives !== undefined && { tokens }) }
    }
    yield {
      kind: 'done',
      finish: signal.aborted ? 'stopped' : 'length',
      cachedTokens: sampling.fromEmptyCache === true ? 0 : cachedTokens,
      stats: { promptTokens: 5, completionTokens: written, timeToFirstTokenMs: 120, decodeTokensPerSecond: 38.24 },
    }
  }

  const engine: StoryEngine = {
    loads: [],
    requests: [],
    inspections: [],
    loadProblem: null,
    writeProblem: null,
    inspectProblem: null,
    memory: { needBytes: 3_000_000, haveBytes: 8_000_000 },
    async load(model, watcher, signal) {
      engine.loads.push(model)
      watching = watcher
      inUse = null
      device += 1
      watcher.adapter(adapter)
      await loading?.(watcher)
      signal.throwIfAborted()
      if (engine.loadProblem !== null) throw new InferenceError(engine.loadProblem)
      const hasRoom = engine.memory.needBytes <= engine.memory.haveBytes
      held = [model, ...(hasRoom ? held.filter(({ key }) => key !== model.key) : [])]
      crashed.delete(model.key)
      inUse = model
    },
    generate: (prompt, sampling, signal) => write(inUse, prompt, sampling, signal),
    async *generateWith(key, prompt, sampling, signal) {
      const model = held.find((other) => other.key === key)
      if (model === undefined) throw new InferenceError({ code: 'write-failed', detail: 'the model is not loaded' })
      yield* write(model, prompt, sampling, signal)
    },
    memoryTogether: (models) => {
      const loaded = models.filter(({ key }) => held.some((other) => other.key === key))
      return { ...engine.memory, loaded: loaded.map(({ key }) => key) }
    },
    async inspect(prompt, maxTokens, signal) {
      engine.inspections.push({ prompt, maxTokens })
      signal.throwIfAborted()
      if (engine.inspectProblem !== null) throw new InferenceError(engine.inspectProblem)
      return wordsOf(prompt, maxTokens)
    },
    warm: () => held.map(({ key }) => ({ key, memoryBytes: 1_000_000 })),
    release(key) {
      held = held.filter((other) => other.key !== key)
    },
    dispose() {},
    step(key) {
      steps.push(key ?? null)
      wake()
    },
    lose(detail) {
      lost = { code: 'device-lost', detail }
      device += 1
      held = []
      wake()
      watching?.lost(lost)
    },
    crash(key) {
      lost = { code: 'device-lost', detail: 'the worker ended' }
      crashed.add(key)
      engine.release(key)
      wake()
    },
  }
  return engine
}

function exactOf(prompt: Prompt): ExactPrompt {
  if (prompt.kind === 'exact') return prompt.prompt
  if (prompt.kind === 'completion') return { kind: 'completion', text: prompt.text }
  return { kind: 'turns', pieces: prompt.turns.map(({ role, text }) => ({ role, text })) }
}

/** A prompt whose words are its tokens, in a context of 64. */
function wordsOf(prompt: Prompt, maxTokens: number): InspectedPrompt {
  const exact = exactOf(prompt)
  const texts = exact.kind === 'completion' ? [exact.text] : exact.pieces.map(({ text }) => text)
  const counted = texts.map((text) => text.match(/\S+\s*|\s+/g) ?? [])
  const last = counted.at(-1)?.length ?? 0
  const words = counted.flat()
  return {
    tokens: [
      { id: 1, text: '<s>', isSpecial: true },
      ...words.map((text, index) => ({ id: index + 2, text, isSpecial: false })),
    ],
    parts: { system: 1, history: words.length - last, last },
    omitted: { characters: 0, turns: 0 },
    limitTokens: 64 - Math.min(32, maxTokens),
    contextTokens: 64,
  }
}
