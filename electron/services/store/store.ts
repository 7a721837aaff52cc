// The models folder: verified content by its sha256, parts on their way, models as manifests that name content, and a database that says what counts.
// Nothing is there before its row is; whatever lies in the folder without a row is swept or listed, never believed.

import type { DatabaseSync } from 'node:sqlite'
import type { ModelSink } from '../../../shared/compiler/checkpoint/bytes.ts'
import type { ModelMeasurement } from '../../../shared/hardware.ts'
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
  /** Content whose row was never committed, because its process ended just then, is a part again: its journal still says what it is. */
  reclaim(hash: FileHash): Promise<void>
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

/** Damage by file, and which blocks of 16 MiB are wrong where the manifest lists them. */
export interface FileDamage {
  readonly file: string
  readonly detail: string
}

export interface Store extends BlobStore, AsyncDisposable {
  readonly folder: string
  /** For tables of others in the same file: jobs. */
  readonly database: DatabaseSync
  beginModel(): Promise<ModelDraft>
  models(): readonly InstalledModel[]
  /** File `index` of a model's manifest. */
  file(key: string, index: number): StoredModelFile | null
  origin(key: string): ModelOrigin | null
  /** Blobs of a kept checkpoint. */
  checkpoint(key: string): readonly StoredBlob[]
  /** What is known beyond the manifests, of the store's models; `known` of any. */
  records(): readonly ModelRecord[]
  known(key: string): KnownOfModel
  measured(measurement: ModelMeasurement): void
  checked(key: string, damage: readonly FileDamage[]): void
  /** Gives the bytes that are free again. Content that other models use stays. Rejects with ServiceError not-installed. */
  remove(key: string): Promise<number>
  /** Takes a damaged blob out of use: its file is set aside as a part with every block that is still right, and the row goes. */
  withdraw(sha256: string): Promise<void>
}

export interface StoredModelFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Belongs to another program. */
  readonly isInPlace: boolean
}

export type KnownOfModel = Pick<ModelRecord, 'lastUsedAtMs' | 'lastVerifiedAtMs' | 'damage' | 'measurements'>
