// What is known of an installed model beyond its manifest: where it lies, what it takes, when it was used, how it ran.
import type { ModelMeasurement } from './hardware.ts'
import type { InstallSource } from './jobs.ts'

/**
 * bundled: part of the app. store: content-addressed, in the models folder. folder: a folder below the models folder that `hearth compile` or a person put
 * there. in-place: its weights belong to another program and are only read.
 */
export type ModelPlace = 'bundled' | 'store' | 'folder' | 'in-place'

export interface ModelRecord {
  readonly key: string
  readonly place: ModelPlace
  /** On this disk, files that other models share included. */
  readonly sizeBytes: number
  /** What deleting it would free. */
  readonly ownBytes: number
  readonly addedAtMs: number | null
  readonly lastUsedAtMs: number | null
  /** Its repository and commit, where it was downloaded; null where it was not. */
  readonly origin: { readonly kind: InstallSource['kind']; readonly repository: string; readonly commit: string } | null
  readonly lastVerifiedAtMs: number | null
  /** What the last check found wrong: `repair` fetches or makes it again. */
  readonly damage: readonly { readonly file: string; readonly detail: string }[]
  readonly measurements: readonly ModelMeasurement[]
}

/** A folder a person chose or dropped, or one of another program: a name to show and a token to send back. */
export interface LocalFolder {
  readonly token: string
  readonly name: string
}

/** A model of another program on this computer. */
export interface ForeignModel extends LocalFolder {
  readonly kind: 'hugging-face-cache' | 'mlc'
  readonly sizeBytes: number
}
