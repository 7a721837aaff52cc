// Where the models are: in the data folder, or where a person moved them.
import { existsSync } from 'node:fs'
import type { HearthPaths } from './paths.ts'
import { ServiceError } from './serviceError.ts'
import type { Settings } from './settings.ts'
import { databasePath } from './store/storePaths.ts'

/** The folder that the settings name. It may not be there: a disk can be unplugged. */
export function modelsFolderOf({ modelsFolder }: Pick<Settings, 'modelsFolder'>, paths: HearthPaths): string {
  return modelsFolder ?? paths.models
}

/** For whoever is about to write to it. Throws ServiceError store-unusable where the models were moved to a place that is not there now: no empty one is made. */
export function checkModelsFolder(settings: Pick<Settings, 'modelsFolder'>, paths: HearthPaths): string {
  const folder = modelsFolderOf(settings, paths)
  if (settings.modelsFolder !== null && !existsSync(databasePath(folder)))
    throw new ServiceError({ code: 'store-unusable', detail: `${folder} is not there; is its disk connected?` })
  return folder
}
