// One run of a model into one message: the text streams into `live`, goes to the disk now and then, and becomes the message's text at the end.
import type { AnswerRecord, ChatSampling, MessageChange, TracedToken, Writer } from '../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { Engine } from '../../inference/engine.ts'
import type { GenerationEvent } from '../../inference/generate.ts'
import { problemOf } from '../../inference/inferenceError.ts'
import type { AdapterReport, Problem, Prompt } from '../../inference/protocol.ts'
import { changeMessage, type Desk, nothingOmitted } from './desk.ts'
import { engineSampling } from './sampling.ts'
import { type After, delayed } from './timer.ts'

export interface Answer {
  readonly messageId: string
  readonly model: InstalledModel
  readonly adapter: AdapterReport | null
  readonly prompt: Prompt
  readonly sampling: ChatSampling
  readonly seed: number
  /** What stood in the message before. */
  readonly soFar: string
  /** What changes in the message beside its text when it ends with this text. */
  readonly ended?: (text: string) => MessageChange
}

export interface Ended {
  readonly problem: Problem | null
  readonly wroteNothing: boolean
  readonly text: string
  /** As it is in the message now, for the disk. */
  readonly change: MessageChange
  readonly record: AnswerRecord | null
}

export interface AnsweringParts {
  readonly engine: Engine
  readonly after: After
  readonly nowMs: () => number
  /** Text at the end of the message, on its way to the disk; `at`: characters it had. */
  readonly append: (id: string, at: number, text: string) => void
}

const saveEveryMs = 500
const saveEveryTokens = 64

export async function answer(parts: AnsweringParts, desk: Desk, run: Answer, signal: AbortSignal): Promise<Ended> {
  const { store } = desk
  const { messageId, soFar, sampling, seed } = run
  const startsAt = soFar.length
  const saver = startSaving(parts, messageId, startsAt)
  const traced: TracedToken[] = []
  desk.saveWritten = saver.flush
  let record: AnswerRecord | null = null
  let firstTokenMs: number | null = null
  let text = soFar
  let tokens = 0
  let done: Extract<GenerationEvent, { readonly kind: 'done' }> | null = null
  let problem: Problem | null = null
  store.setState({
    run: { kind: signal.aborted ? 'stopping' : 'reading' },
    live: { messageId, text, startsAt, tokens, tokensPerSecond: null },
    problem: null,
    omitted: nothingOmitted,
  })
  try {
    // It was stopped while its messages were being saved: nothing is asked.
    const events = signal.aborted ? [] : parts.engine.generate(run.prompt, engineSampling(sampling, seed), signal)
    for await (const event of events) {
      if (event.kind === 'prompt') {
        store.setState({ omitted: event.omitted })
        record = recordOf(run, event)
      } else if (event.kind === 'delta') {
        const nowMs = parts.nowMs()
        firstTokenMs ??= nowMs
        text += event.text
        tokens += event.tokens?.length ?? 1
        traced.push(...(event.tokens ?? []))
        saver.add(event.text)
        const elapsedMs = nowMs - firstTokenMs
        const tokensPerSecond = elapsedMs > 0 ? ((tokens - 1) * 1000) / elapsedMs : null
        store.setState(({ run: { kind } }) => ({
          live: { messageId, text, startsAt, tokens, tokensPerSecond },
          ...(kind === 'reading' ? { run: { kind: 'writing' } as const } : {}),
        }))
      } else done = event
    }
  } catch (error) {
    problem = problemOf(error, 'write-failed')
    // The model was taken away while it was asked to stop: nothing went wrong.
    if (signal.aborted && problem.code === 'device-lost') problem = null
  } finally {
    saver.end()
    desk.saveWritten = () => {}
  }
  const change: MessageChange = {
    text,
    state: problem === null ? 'done' : 'interrupted',
    writer: writerOf(run.model),
    figures: done?.stats ?? null,
    finish: done?.finish ?? (problem === null ? 'stopped' : null),
    seed,
    ...run.ended?.(text),
  }
  changeMessage(desk, messageId, change, {
    run: { kind: 'idle' },
    live: null,
    // A lost device is told where the model is loaded again.
    problem: problem?.code === 'device-lost' ? null : problem,
  })
  const kept: AnswerRecord | null = record && {
    ...record,
    ...(done && { cachedTokens: done.cachedTokens }),
    ...(sampling.keepProbabilities && { tokens: traced }),
  }
  return { problem, wroteNothing: text === soFar, text, change, record: kept }
}

export function writerOf({ key, manifest: { id, title, family, variant } }: InstalledModel): Writer {
  const short = (words: string) => words.slice(0, 500)
  return { key, id: short(id), title: short(title), family: short(family), variant }
}

/** Of a record: which files wrote on which adapter. */
export function originOf(
  model: InstalledModel,
  adapter: AdapterReport | null,
): Pick<AnswerRecord, 'writer' | 'inputs' | 'library' | 'adapter'> {
  return {
    writer: writerOf(model),
    inputs: model.manifest.inputs
      .slice(0, 2000)
      .map(({ name, sha256, sizeBytes }) => ({ name: name.slice(0, 200), sha256, sizeBytes })),
    library: adapter?.library ?? 'portable',
    adapter: (adapter?.name ?? '').slice(0, 500),
  }
}

function recordOf(
  { messageId, model, adapter, sampling, seed, soFar }: Answer,
  { exact, promptTokens }: Pick<AnswerRecord, 'promptTokens'> & { readonly exact: AnswerRecord['prompt'] },
): AnswerRecord {
  return {
    messageId,
    ...originOf(model, adapter),
    prompt: exact,
    promptTokens,
    sampling: { ...sampling, seed },
    startsAt: soFar.length,
    tokens: null,
  }
}

/** Collects text and hands it on every half second, or sooner when much has come. */
function startSaving({ append, after }: AnsweringParts, id: string, startsAt: number) {
  let at = startsAt
  let pending = ''
  let tokens = 0
  const flush = () => {
    timer.cancel()
    isWaiting = false
    if (pending === '') return
    append(id, at, pending)
    at += pending.length
    pending = ''
    tokens = 0
  }
  const timer = delayed(after, saveEveryMs, flush)
  let isWaiting = false
  return {
    add(text: string) {
      pending += text
      tokens += 1
      if (tokens >= saveEveryTokens) return flush()
      if (!isWaiting) timer.start()
      isWaiting = true
    },
    flush,
    /** The rest comes with the whole text. */
    end: () => timer.cancel(),
  }
}
