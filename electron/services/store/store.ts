// The models folder: verified content by its sha256, parts on their way, models as manifests that name content, and a database that says what counts.
// Nothing is there before its row is; whatever lies in the folder without a row is swept or listed, never believed.

import type { ModelSink } from '../../../shared/compiler/checkpoint/bytes.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import type { FileHash } from '../hub/files.ts'
import type { PartPaths } from './storePaths.ts'

export interface StoredBlob {
  readonly sha256: string
  readonly sizeBytes: number
  /** For reading only. */
  readonly path: string
}

/** What a download needs. */
export interface BlobStore {
  /** Content that was verified once. Git blob ids of small files are remembered beside their sha256. */
  blob(hash: FileHash): StoredBlob | null
  partPaths(hash: FileHash): PartPaths
  /** Takes over a part whose bytes the caller has just hashed: fsync, rename to its sha256, fsync of the folder, then the row. */
  publish(hash: FileHash, verified: { readonly sha256: string; readonly sizeBytes: number }): Promise<StoredBlob>
  /** Sets a part with wrong bytes aside, for repair of just the blocks that differ. */
  quarantine(hash: FileHash): Promise<PartPaths>
  discardPart(hash: FileHash): Promise<void>
  /** Of the folder's disk. */
  freeBytes(): Promise<number>
}

/** Where an installed model came from. */
export type ModelOrigin = NonNullable<ModelRecord['origin']>

/** A model in the making: files are written or taken from blobs; it appears with `commit`, wholly or not at all. Disposing before removes what was written. */
export interface ModelDraft extends ModelSink, AsyncDisposable {
  /** A file of the manifest that is a blob already: nothing is copied. */
  use(name: string, blob: StoredBlob): void
  /** A file that stays where it is, in a folder of another program. */
  useInPlace(name: string, file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string }): void
  /** hearth.json was written last: its files become blobs, it becomes a model in one transaction. Gives the model's key. */
  commit(origin: ModelOrigin | null, checkpoint: readonly StoredBlob[]): Promise<string>
}

export interface Store extends BlobStore, AsyncDisposable {
  readonly folder: string
  beginModel(): Promise<ModelDraft>
  models(): readonly InstalledModel[]
  /** File `index` of a model's manifest. */
  file(key: string, index: number): { readonly path: string; readonly sizeBytes: number } | null
}
