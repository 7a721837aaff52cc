// Every message between the page and the inference worker, in one list per direction. A worker serves one model: another model is another worker.

import type { ExactPrompt, TracedToken } from '../../shared/chats/types.ts'
import type { LoadProblem } from '../../shared/fit/load.ts'
import type { GenerationStats } from '../../shared/ipc.ts'
import type { InstalledModel, ModelManifest } from '../../shared/model.ts'
import type { Turn } from '../../shared/prompts/renderTurns.ts'

export interface Sampling {
  readonly temperature: number
  readonly topP: number
  readonly maxTokens: number
  readonly seed: number
  /** From here on what is left out is at its usual value (shared/chats/types.ts). */
  readonly frequencyPenalty?: number
  readonly presencePenalty?: number
  readonly repetitionPenalty?: number
  /** Beside those of the model's template. They end the answer and are no part of it. */
  readonly stopStrings?: readonly string[]
  /** The answer is JSON of this schema; empty: any JSON. */
  readonly jsonSchema?: string | null
  /** With each token its probability and this many of the most likely ones at its place, at most 5; 0: none. */
  readonly alternatives?: number
  /**
   * The whole prompt is read anew, also where the model still remembers the conversation. What is remembered was computed in other steps, of which the
   * logits differ by up to 1e-4; so the same prompt and seed give the same text for certain only when both are read from an empty cache.
   */
  readonly fromEmptyCache?: boolean
}

/** completion: the text as it stands, continued. turns: a conversation ending with a user turn, wrapped in the model's template. */
export type Prompt =
  | { readonly kind: 'completion'; readonly text: string; readonly whenFull?: WhenFull }
  | {
      readonly kind: 'turns'
      readonly turns: readonly Turn[]
      /** In place of the text the model was tuned with; undefined: that one. */
      readonly systemText?: string
      /** The beginning of the reply, which the model goes on with; what it writes comes without it. */
      readonly replySoFar?: string
      /** Of a model tuned on one exchange: the earlier turns are sent all the same. */
      readonly sendsEarlierTurns?: boolean
      readonly whenFull?: WhenFull
    }
  /** What a record holds, sent as it was, from an empty cache. */
  | { readonly kind: 'exact'; readonly prompt: ExactPrompt }

/** forget (usual): the oldest is left out until the rest fits. stop: nothing is sent and the problem is `context-full`. */
export type WhenFull = 'forget' | 'stop'

export interface PromptToken {
  readonly id: number
  /** As the tokenizer writes it: spaces as they are, a byte that is no character alone as `<0xE2>`. */
  readonly text: string
  /** BOS, ends of turns and other tokens that are no text. */
  readonly isSpecial: boolean
}

/** A prompt as the model reads it. */
export interface InspectedPrompt {
  readonly tokens: readonly PromptToken[]
  /** Tokens of the system text with what surrounds it, of the turns before the last, and of the last one with the opened reply. A text is all `last`. */
  readonly parts: { readonly system: number; readonly history: number; readonly last: number }
  readonly omitted: Omitted
  /** Tokens the prompt may take beside the reply that was asked for. */
  readonly limitTokens: number
  readonly contextTokens: number
}

export type LibraryKind = keyof ModelManifest['libraries']

/** The WebGPU adapter the model runs on, and the library chosen for it. */
export interface AdapterReport {
  readonly name: string
  /** Runs on the processor: SwiftShader, llvmpipe, WARP. */
  readonly software: boolean
  /** The adapter offers shader-f16. */
  readonly halfPrecision: boolean
  readonly library: LibraryKind
}

/** What was left out because the model's context is finite: whole turns, and characters from the start of a text or of the first turn that is left. */
export interface Omitted {
  readonly characters: number
  readonly turns: number
}

export type Finish = 'stop' | 'length' | 'stopped'

/** Expected failures; the page owns the sentence and what to do for each. `detail` is the cause in the machine's words. */
export type Problem =
  | { readonly code: 'no-webgpu'; readonly detail: string }
  | { readonly code: 'no-adapter'; readonly detail: string }
  | { readonly code: 'load-failed'; readonly detail: string }
  | { readonly code: 'too-long'; readonly promptTokens: number; readonly limitTokens: number }
  | { readonly code: 'write-failed'; readonly detail: string }
  /** The prompt does not fit and nothing was to be left out. */
  | { readonly code: 'context-full'; readonly promptTokens: number; readonly limitTokens: number }
  /** The model computed values that are no numbers: its weights or the graphics driver are at fault. */
  | { readonly code: 'not-a-number'; readonly detail: string }
  /** The JSON schema cannot be used. */
  | { readonly code: 'bad-schema'; readonly detail: string }
  | { readonly code: 'device-lost'; readonly detail: string }
  /** The graphics device had no memory left while the model was loaded; `needBytes`: what it takes with all its buffers. */
  | { readonly code: 'out-of-memory'; readonly needBytes: number; readonly detail: string }
  /** A file of the model is not what was installed: its block (of 16 MiB, counted from 0) has another hash; null: the file as a whole. */
  | { readonly code: 'damaged-file'; readonly key: string; readonly file: string; readonly block: number | null }
  | LoadProblem

/** reading: the GPU waits for the disk. uploading: everything is read. */
export type LoadStep = 'library' | 'reading' | 'uploading' | 'programs'

export interface LoadProgress {
  readonly step: LoadStep
  /** Of this step, 0 to 1. */
  readonly fraction: number
  /** Of the weights: read in the step reading, on the GPU from then on. */
  readonly doneBytes: number
  readonly totalBytes: number
  /** Since the load began. */
  readonly elapsedMs: number
}

/** Page to worker. */
export type WorkerRequest =
  | { readonly kind: 'load'; readonly model: InstalledModel }
  | { readonly kind: 'generate'; readonly id: number; readonly prompt: Prompt; readonly sampling: Sampling }
  | { readonly kind: 'inspect'; readonly id: number; readonly prompt: Prompt; readonly maxTokens: number }
  | { readonly kind: 'stop'; readonly id: number }

/** Worker to page. `id` names the generate request. */
export type WorkerEvent =
  | { readonly kind: 'adapter'; readonly adapter: AdapterReport }
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  /** `memoryBytes`: of all buffers that the device holds. */
  | { readonly kind: 'ready'; readonly memoryBytes: number }
  | { readonly kind: 'load-failed'; readonly problem: Problem }
  | {
      readonly kind: 'prompt'
      readonly id: number
      readonly promptTokens: number
      readonly omitted: Omitted
      /** As it was sent. */
      readonly exact: ExactPrompt
    }
  /** `tokens`: those written since the last delta, where they were asked for; their text may still be held back. */
  | { readonly kind: 'delta'; readonly id: number; readonly text: string; readonly tokens?: readonly TracedToken[] }
  | { readonly kind: 'inspected'; readonly id: number; readonly inspected: InspectedPrompt }
  | {
      readonly kind: 'done'
      readonly id: number
      /** Of the prompt, at its start: remembered from the turns before and not read again. */
      readonly cachedTokens: number
      readonly stats: GenerationStats
      readonly finish: Finish
      readonly memoryBytes: number
    }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: Problem }
  | { readonly kind: 'lost'; readonly detail: string }
