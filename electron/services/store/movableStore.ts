// The store of a models folder that may move while it is open: who holds it goes on with the same object, and every call reaches the folder of now.

import { checkModelsFolder } from '../modelsFolder.ts'
import type { HearthPaths } from '../paths.ts'
import { ServiceError } from '../serviceError.ts'
import type { SettingsFile } from '../settings.ts'
import { createStore } from './createStore.ts'
import { moveStore, settleMove } from './moveFolder.ts'
import type { Store } from './store.ts'

export interface MovableStoreOptions {
  readonly paths: HearthPaths
  /** They name the folder, once it was moved. */
  readonly settings: Pick<SettingsFile, 'read' | 'write'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface MovableStore extends AsyncDisposable {
  readonly store: Store
  /** Rejects as moveStore does. Nothing may be added to the store meanwhile. */
  moveTo(folder: string, onBytes: (doneBytes: number, totalBytes: number) => void, signal: AbortSignal): Promise<void>
  /** Throws ServiceError store-in-use while it moves. */
  checkAtRest(): void
}

/** Rejects with ServiceError store-in-use or store-unusable. */
export async function openMovableStore({ paths, settings, now }: MovableStoreOptions): Promise<MovableStore> {
  const openAt = async (folder: string) => {
    const opened = await createStore({ folder, now })
    await settleMove(folder, paths.home)
    return opened
  }
  let current = await openAt(checkModelsFolder(settings.read(), paths))
  let isMoving = false
  return {
    store: new Proxy<Store>(current, { get: (_first, name) => Reflect.get(current, name) }),
    checkAtRest() {
      if (isMoving) throw new ServiceError({ code: 'store-in-use', detail: 'it is being moved' })
    },
    async moveTo(to, onBytes, signal) {
      isMoving = true
      try {
        const { folder } = await moveStore(
          {
            store: current,
            to,
            owner: paths.home,
            switchTo: (moved) => settings.write({ modelsFolder: moved }),
            onBytes,
            now,
          },
          signal,
        )
        if (folder === current.folder) return
        const old = current
        current = await createStore({ folder, now })
        await old[Symbol.asyncDispose]()
        await settleMove(folder, paths.home)
      } finally {
        isMoving = false
      }
    },
    [Symbol.asyncDispose]: async () => await current[Symbol.asyncDispose](),
  }
}
