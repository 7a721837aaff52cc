// What jobs need of the models that are there already.
import type { ModelManifest } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'

export interface ModelKeeper {
  /** Reads every byte of a model and keeps what is wrong with its record. Rejects with ServiceError not-installed. */
  verify(
    key: string,
    onBytes: (doneBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<ModelRecord['damage']>
  /** Throws ServiceError not-installed. */
  recipe(key: string): {
    readonly manifest: ModelManifest
    readonly origin: ModelRecord['origin']
    readonly keepsCheckpoint: boolean
  }
  moveTo(path: string, onBytes: (doneBytes: number, totalBytes: number) => void, signal: AbortSignal): Promise<void>
}
