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
  /** Of the folder's disk. */
  freeBytes(): Promise<number>
}

/** What was fetched and belongs to no model. */
export interface UnusedContent {
  /** Every blob that no model uses, neither as a file nor as part of a kept checkpoint, and no model in the making. */
  unused(): readonly StoredBlob[]
  /** Deletes those of the blobs that nothing uses; gives the bytes. */
  collect(hashes: readonly string[]): Promise<number>
}

/** Where an installed model came from. */
export type ModelOrigin = NonNullable<ModelRecord['origin']>

/**
 * A model in the making: files are written or taken from blobs; it appears with `commit`, wholly or not at all. Disposing before removes what was written.
 *
 *     await using draft = await store.beginModel()
 *     await compileModel({ sink: draft, … }, signal)          // or draft.use(name, blob), draft.useInPlace(name, file)
 *     const key = await draft.commit(origin, checkpoint)      // checkpoint: blobs that stay beside the model
 */
export interface ModelDraft extends ModelSink, AsyncDisposable {
  /** A file of the manifest that is a blob already: nothing is copied. */
  use(name: string, blob: StoredBlob): void
  /** A file that stays where it is, in a folder of another program. */
  useInPlace(name: string, file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string }): void
  /**
   * hearth.json was written last: its files become blobs, it becomes a model in one transaction. Gives the model's key. Rejects with ServiceError wrong-bytes
   * where a file is not what the manifest says, and already-installed where the model is there without known damage; a damaged one is mended.
   */
  commit(origin: ModelOrigin | null, checkpoint: readonly StoredBlob[]): Promise<string>
}

/** What a check found wrong with a file. */
export interface FileDamage {
  readonly file: string
  readonly detail: string
  /** Which blocks of 16 MiB; null where only the whole file could be judged, or it is missing. */
  readonly badBlocks: readonly number[] | null
}

/** How a damaged file of a model becomes whole again. */
export interface RepairItem extends FileDamage {
  readonly sha256: string
  readonly sizeBytes: number
  /**
   * fetch: as it was published, under this hash: `withdraw` it, download it. make: by the compiler: `withdraw` it, compile again. elsewhere: it belongs to another
   * program or lies in a plain folder, and stays as it is.
   */
  readonly how: 'fetch' | 'make' | 'elsewhere'
}

export interface Store extends BlobStore, UnusedContent, AsyncDisposable {
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
  /** What the last check found, and what is missing now. Empty: nothing is to be done. Throws ServiceError not-installed. */
  repairPlan(key: string): readonly RepairItem[]
  /** Gives the bytes that are free again. Content that other models use stays. Rejects with ServiceError not-installed. */
  remove(key: string): Promise<number>
  /**
   * Takes a damaged blob out of use: `blob` does not give it any more until it is published or made again. Where it was published somewhere, its file becomes
   * the part of its next download, with every block that is still right.
   */
  withdraw(sha256: string): Promise<void>
  /** Files in the store's own folders that no row knows: left for a person to look at, never deleted by themselves. */
  strays(): Promise<readonly { readonly path: string; readonly sizeBytes: number }[]>
}

export interface StoredModelFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Belongs to another program. */
  readonly isInPlace: boolean
}

export type KnownOfModel = Pick<ModelRecord, 'lastUsedAtMs' | 'lastVerifiedAtMs' | 'measurements'> & {
  readonly damage: readonly FileDamage[]
}
