// Every message between the page and the inference worker, in one list per direction. A worker serves one model: another model is another worker.

import type { LoadProblem } from '../../shared/fit/load.ts'
import type { GenerationStats } from '../../shared/ipc.ts'
import type { InstalledModel, ModelManifest } from '../../shared/model.ts'
import type { Turn } from '../../shared/prompts/renderTurns.ts'

export interface Sampling {
  readonly temperature: number
  readonly topP: number
  readonly maxTokens: number
  readonly seed: number
}

/** completion: the text as it stands, continued. turns: a conversation ending with a user turn, wrapped in the model's template. */
export type Prompt =
  | { readonly kind: 'completion'; readonly text: string }
  | { readonly kind: 'turns'; readonly turns: readonly Turn[] }

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

/** What was left out because the model's context is finite: characters from the start of a text, or whole turns. */
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
  | { readonly code: 'device-lost'; readonly detail: string }
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
  | { readonly kind: 'stop'; readonly id: number }

/** Worker to page. `id` names the generate request. */
export type WorkerEvent =
  | { readonly kind: 'adapter'; readonly adapter: AdapterReport }
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  /** `memoryBytes`: of all buffers that the device holds. */
  | { readonly kind: 'ready'; readonly memoryBytes: number }
  | { readonly kind: 'load-failed'; readonly problem: Problem }
  | { readonly kind: 'prompt'; readonly id: number; readonly promptTokens: number; readonly omitted: Omitted }
  | { readonly kind: 'delta'; readonly id: number; readonly text: string }
  | {
      readonly kind: 'done'
      readonly id: number
      readonly stats: GenerationStats
      readonly finish: Finish
      readonly memoryBytes: number
    }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: Problem }
  | { readonly kind: 'lost'; readonly detail: string }
