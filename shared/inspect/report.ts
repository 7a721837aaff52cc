// What the app says of a repository or a folder that a person pasted, dropped or chose, before anything large is read.
import type { Variant } from '../model.ts'
import type { Inspection } from './inspect.ts'

export interface InspectionReport {
  readonly subject:
    | { readonly kind: 'repository'; readonly repository: string; readonly commit: string; readonly isGated: boolean }
    | { readonly kind: 'folder'; readonly token: string; readonly name: string }
  /** checkpoint: compiled here. ready: weights in MLC's form, of which only the library is made here. */
  readonly form: 'checkpoint' | 'ready'
  /** Of the original: for weights in MLC's form, as far as their configuration tells. */
  readonly found: Inspection
  /** To be downloaded or read. */
  readonly downloadBytes: number
  /** The model's config.json in Hugging Face's words, for the fit arithmetic; null where none could be read. */
  readonly config: Readonly<Record<string, unknown>> | null
  readonly catalogVariant: { readonly id: string; readonly kind: Variant } | null
}

/** A repository of a Hub's search. */
export interface FoundRepository {
  readonly repository: string
  readonly downloads: number | null
  readonly likes: number | null
  readonly isGated: boolean
  readonly licence: string | null
  readonly tags: readonly string[]
}
