// The messages between a compile worker and who started it. The worker asks and waits; bytes change hands without a copy where they can.
import type { CompileProgress } from '../../../shared/compiler/compile.ts'
import type { StoredFile } from '../../../shared/model.ts'
import type { ServiceProblem } from '../../../shared/problems.ts'
import type { InputPlace } from './streamingSource.ts'

export type Question =
  | { readonly what: 'place'; readonly name: string }
  | { readonly what: 'early'; readonly name: string; readonly offset: number; readonly length: number }
  | { readonly what: 'write'; readonly name: string; readonly chunk: Uint8Array }

export type FromWorker =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'progress'; readonly progress: CompileProgress }
  | { readonly kind: 'done'; readonly used: readonly StoredFile[] }
  /** `problem` null: a bug. */
  | { readonly kind: 'failed'; readonly problem: ServiceProblem | null; readonly message: string }

/** An answer that is not `ok` ends the compilation; the reason stays with who answered. */
export type ToWorker = { readonly kind: 'answer'; readonly id: number } & (
  | { readonly ok: true; readonly value: InputPlace | Uint8Array | null }
  | { readonly ok: false }
)
