// The models the command line can use: those in resources/models and those in the data folder.
import { join } from 'node:path'
import type { InstalledModel } from '../../shared/model.ts'
import { createModelLibrary, type ModelLibrary } from '../services/library.ts'
import { modelsFolderOf } from '../services/modelsFolder.ts'
import { hearthPaths } from '../services/paths.ts'
import { openSettings } from '../services/settings.ts'
import { LaunchError, rootFolder } from './subprocess.ts'

const bundledFolder = join(rootFolder, 'resources', 'models')

/** Every model, bundled ones first. */
export async function listModels(): Promise<readonly InstalledModel[]> {
  return openLibrary().list()
}

/** What keeps folders from being models, one line each. */
export async function listProblems(): Promise<readonly string[]> {
  return (await openLibrary().problems()).map(({ folder, problem }) => `${folder} is left out: ${problem}`)
}

function openLibrary(): ModelLibrary {
  const paths = hearthPaths(process.env)
  const storeFolder = modelsFolderOf(openSettings(join(paths.home, 'settings.json')).read(), paths)
  return createModelLibrary({ storeFolder, bundledFolder })
}

/** The model of that id, or the bundled base model. Throws a LaunchError that names what there is. */
export function chooseModel(models: readonly InstalledModel[], id: string | null): InstalledModel {
  const chosen = models.find((model) =>
    id === null ? model.bundled && model.manifest.variant === 'base' : model.manifest.id === id,
  )
  if (chosen !== undefined) return chosen
  const ids = models.map((model) => model.manifest.id)
  throw new LaunchError(
    `no model ${id ?? 'came with Hearth'}; there ${ids.length === 1 ? 'is' : 'are'} ${ids.join(', ') || 'none'}`,
  )
}

/** Every model of these ids: several may have one. Throws a LaunchError that names the first unknown id. */
export function chooseModels(models: readonly InstalledModel[], ids: readonly string[]): readonly InstalledModel[] {
  return [...new Set(ids)].flatMap((id) => {
    const found = models.filter(({ manifest }) => manifest.id === id)
    if (found.length === 0) throw new LaunchError(`no model ${id}; hearth list names those there are`)
    return found
  })
}
