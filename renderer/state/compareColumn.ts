// One model's answer in a comparison: its model is loaded, writes, and everything that decided the text is noted.
import type { AnswerRecord, ChatSampling, ChatSettings, Message, TracedToken } from '../../shared/chats/types.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { Engine } from '../inference/engine.ts'
import { problemOf } from '../inference/inferenceError.ts'
import type { AdapterReport, Finish, LoadProgress, Omitted, Problem, Prompt } from '../inference/protocol.ts'
import { originOf } from './chats/answering.ts'
import { engineSampling, samplingOf, withScaffoldStops } from './chats/sampling.ts'
import { nothingLoaded } from './models.ts'
import { lengthLimits } from './sampling.ts'

export type ColumnState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'loading'; readonly progress: LoadProgress }
  | { readonly kind: 'reading' }
  | { readonly kind: 'writing' }
  | { readonly kind: 'done'; readonly finish: Finish; readonly figures: NonNullable<Message['figures']> }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** Its turn never came, or it was stopped while it had none. */
  | { readonly kind: 'skipped' }

export interface CompareColumn {
  readonly model: InstalledModel
  readonly sampling: ChatSampling & { readonly seed: number }
  readonly state: ColumnState
  readonly text: string
  readonly omitted: Omitted
  readonly record: Omit<AnswerRecord, 'messageId'> | null
  /** Taken over into the conversation. */
  readonly isAdopted: boolean
}

/** What a model would write with in this chat; where the chat has no seed, all columns take the same one. */
export function emptyColumn(model: InstalledModel, settings: ChatSettings, seed: number): CompareColumn {
  const { variant, contextTokens } = model.manifest
  const chosen = samplingOf(settings, variant, model)
  const sampling = variant === 'base' ? withScaffoldStops(chosen, settings.scaffold) : chosen
  return {
    model,
    sampling: {
      ...sampling,
      maxTokens: Math.min(sampling.maxTokens, lengthLimits(contextTokens).max),
      seed: sampling.seed ?? seed,
    },
    state: { kind: 'waiting' },
    text: '',
    omitted: { characters: 0, turns: 0 },
    record: null,
    isAdopted: false,
  }
}

/** As the column goes on; the last one is done or failed. */
export async function* runColumn(
  engine: Engine,
  column: CompareColumn,
  prompt: Prompt,
  /** Gets the column between its states: how far the loading is. */
  report: (column: CompareColumn) => void,
  signal: AbortSignal,
): AsyncGenerator<CompareColumn, void, void> {
  const { model, sampling } = column
  let now: CompareColumn = { ...column, state: { kind: 'loading', progress: nothingLoaded } }
  yield now
  try {
    let adapter: AdapterReport | null = null
    await engine.load(
      model,
      {
        adapter: (known) => {
          adapter = known
        },
        progress: (progress) => report({ ...now, state: { kind: 'loading', progress } }),
        // What is being written fails by itself.
        lost: () => {},
      },
      signal,
    )
    now = { ...now, state: { kind: 'reading' } }
    yield now
    for await (const event of engine.generate(prompt, engineSampling(sampling, sampling.seed), signal)) {
      if (event.kind === 'prompt') {
        now = {
          ...now,
          omitted: event.omitted,
          record: recordOf(model, adapter, sampling, event.exact, event.promptTokens),
        }
      } else if (event.kind === 'delta') {
        now = {
          ...now,
          state: { kind: 'writing' },
          text: now.text + event.text,
          record: withTokens(now.record, event.tokens),
        }
      } else now = { ...now, state: { kind: 'done', finish: event.finish, figures: event.stats } }
      yield now
    }
  } catch (error) {
    const isStopped = signal.aborted
    yield {
      ...now,
      state: isStopped ? { kind: 'skipped' } : { kind: 'failed', problem: problemOf(error, 'write-failed') },
    }
  }
}

function recordOf(
  model: InstalledModel,
  adapter: AdapterReport | null,
  sampling: ChatSampling,
  prompt: AnswerRecord['prompt'],
  promptTokens: number,
): CompareColumn['record'] {
  return {
    ...originOf(model, adapter),
    prompt,
    promptTokens,
    sampling,
    startsAt: 0,
    tokens: sampling.keepProbabilities ? [] : null,
  }
}

function withTokens(record: CompareColumn['record'], tokens: readonly TracedToken[] = []): CompareColumn['record'] {
  if (record === null || record.tokens === null) return record
  return { ...record, tokens: [...record.tokens, ...tokens] }
}
