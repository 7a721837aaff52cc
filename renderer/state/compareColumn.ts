// One model's answer in a comparison: its model is loaded, writes, and everything that decided the text is noted. Loading and writing are two steps, because
// models that write at once are all loaded before.
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
  /** It can write, and waits for those that write at the same time. */
  | { readonly kind: 'loaded' }
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
  /** Known once it is loaded. */
  readonly adapter: AdapterReport | null
  /** So many others wrote at the same time: its figures are not those of the model alone. */
  readonly others: number
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
    adapter: null,
    others: 0,
    text: '',
    omitted: { characters: 0, turns: 0 },
    record: null,
    isAdopted: false,
  }
}

/** Makes its model the one in use. The column is loaded then, failed or skipped. */
export async function loadColumn(
  engine: Engine,
  column: CompareColumn,
  /** Gets the column meanwhile: how far the loading is. */
  report: (column: CompareColumn) => void,
  signal: AbortSignal,
): Promise<CompareColumn> {
  const reportProgress = (progress: LoadProgress) => report({ ...column, state: { kind: 'loading', progress } })
  reportProgress(nothingLoaded)
  let adapter: AdapterReport | null = null
  try {
    await engine.load(
      column.model,
      {
        adapter: (known) => {
          adapter = known
        },
        progress: reportProgress,
        // What is being written fails by itself.
        lost: () => {},
      },
      signal,
    )
    return { ...column, adapter, state: { kind: 'loaded' } }
  } catch (error) {
    return failed(column, error, signal)
  }
}

/** As a loaded column goes on; the last one is done, failed or skipped. */
export async function* writeColumn(
  engine: Engine,
  column: CompareColumn,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<CompareColumn, void, void> {
  const { model, sampling } = column
  let now: CompareColumn = { ...column, state: { kind: 'reading' } }
  yield now
  try {
    const drawn = engineSampling(sampling, sampling.seed)
    for await (const event of engine.generateWith(model.key, prompt, drawn, signal)) {
      if (event.kind === 'prompt') {
        now = { ...now, omitted: event.omitted, record: recordOf(column, event.exact, event.promptTokens) }
      } else if (event.kind === 'delta') {
        now = {
          ...now,
          state: { kind: 'writing' },
          text: now.text + event.text,
          record: withTokens(now.record, event.tokens),
        }
      } else {
        const { finish, stats: figures, cachedTokens } = event
        now = {
          ...now,
          state: { kind: 'done', finish, figures },
          record: now.record && { ...now.record, cachedTokens },
        }
      }
      yield now
    }
  } catch (error) {
    yield failed(now, error, signal)
  }
}

function failed(column: CompareColumn, error: unknown, signal: AbortSignal): CompareColumn {
  if (signal.aborted) return { ...column, state: { kind: 'skipped' } }
  return { ...column, state: { kind: 'failed', problem: problemOf(error, 'write-failed') } }
}

function recordOf(
  { model, adapter, sampling }: CompareColumn,
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
