// What jobs do with models that are there already.
import type { ModelManifest } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { ServiceError } from '../serviceError.ts'
import type { Store } from '../store/store.ts'

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

export function keeperOf(store: Store): ModelKeeper {
  return {
    verify: () => Promise.reject(new Error('TODO')),
    moveTo: () => Promise.reject(new Error('TODO')),
    recipe(key) {
      const model = store.models().find((one) => one.key === key)
      if (model === undefined) throw new ServiceError({ code: 'not-installed', name: key })
      return { manifest: model.manifest, origin: store.origin(key), keepsCheckpoint: store.checkpoint(key).length > 0 }
    },
  }
}
