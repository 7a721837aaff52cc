// The models folder of a data folder under /tmp, as the settings name it, for tests that move it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelsFolderOf } from '../../electron/services/modelsFolder.ts'
import { hearthPaths } from '../../electron/services/paths.ts'
import { openSettings } from '../../electron/services/settings.ts'

export interface MovingHome extends Disposable {
  /** Of everything, also of places to move to. */
  readonly root: string
  readonly home: string
}

export function movingHome(): MovingHome {
  const root = mkdtempSync(join(tmpdir(), 'hearth-move-'))
  const home = join(root, 'home')
  mkdirSync(home)
  return { root, home, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

export function modelsFolderNow(home: string): string {
  return modelsFolderOf(openSettings(join(home, 'settings.json')).read(), hearthPaths({ HEARTH_HOME: home }))
}

/** What a move calls when the new folder is the one that counts. */
export function switchIn(home: string): (modelsFolder: string) => void {
  return (modelsFolder) => openSettings(join(home, 'settings.json')).write({ modelsFolder })
}
