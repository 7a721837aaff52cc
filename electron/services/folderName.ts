// What a checkpoint's folder is called, for the id of the model made from it.
import { basename } from 'node:path'

/** A folder's name as the second half of a model id: other characters become hyphens. */
export function modelName(folder: string): string {
  return (
    basename(folder)
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'model'
  )
}

/** publisher/name in the Hub's cache (`models--publisher--name/snapshots/...`), else its own name. */
export function repositoryOf(folder: string): string {
  const cached = /[\\/]models--([^\\/]+?)--([^\\/]+)[\\/]snapshots[\\/][^\\/]+$/.exec(folder)
  return cached === null ? basename(folder) : `${cached[1]}/${cached[2]}`
}
