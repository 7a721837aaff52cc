// The library of a models folder that may move while the app runs: each question goes to the folder that the settings name now.
import { createModelLibrary, type ModelLibrary } from './library.ts'

export interface MovingLibraryOptions {
  readonly storeFolder: () => string
  readonly bundledFolder: string
}

/** Lets go of the old folder, which can only then be deleted on every system. */
export function createMovingLibrary({ storeFolder, bundledFolder }: MovingLibraryOptions): ModelLibrary {
  const openAt = (folder: string) => ({ folder, library: createModelLibrary({ storeFolder: folder, bundledFolder }) })
  let open = openAt(storeFolder())
  const current = (): ModelLibrary => {
    const folder = storeFolder()
    if (folder !== open.folder) {
      open.library[Symbol.dispose]()
      open = openAt(folder)
    }
    return open.library
  }
  return {
    list: () => current().list(),
    file: (key, index) => current().file(key, index),
    problems: () => current().problems(),
  }
}
