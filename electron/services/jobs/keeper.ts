// What jobs do with models that are there already: those of the store, and for checking also those that lie beside it.
import type { InstalledModel } from '../../../shared/model.ts'
import type { ModelLibrary } from '../library.ts'
import { ServiceError } from '../serviceError.ts'
import type { Store } from '../store/store.ts'
import { type OnBytes, verifyModel } from '../store/verify.ts'

export interface ModelKeeper {
  /** Rejects with ServiceError not-installed. */
  find(key: string): Promise<InstalledModel>
  /** Reads every byte of a model; what is wrong stands in its record afterwards. Rejects with ServiceError not-installed. */
  verify(key: string, onBytes: OnBytes, signal: AbortSignal): Promise<void>
}

export function keeperOf(store: Store, library: ModelLibrary): ModelKeeper {
  const find = async (key: string) => {
    const found = [...store.models(), ...(await library.list())].find((model) => model.key === key)
    if (found === undefined) throw new ServiceError({ code: 'not-installed', name: key })
    return found
  }
  return {
    find,
    async verify(key, onBytes, signal) {
      const model = await find(key)
      const isStored = store.models().some((one) => one.key === key)
      store.checked(key, await verifyModel(isStored ? store : library, model, onBytes, signal))
    },
  }
}
