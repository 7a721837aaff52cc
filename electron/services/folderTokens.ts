// Folders that a person chose, by tokens: the window names a folder by what it was given here and never by a path. Tokens end with the process.
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { LocalFolder } from '../../shared/modelRecord.ts'
import { repositoryOf } from './folderName.ts'
import { ServiceError } from './serviceError.ts'

export interface FolderTokens {
  /** Rejects with ServiceError not-installed where there is no such folder. */
  add(path: string): Promise<LocalFolder>
  /** Throws ServiceError not-installed for a token that was never given out here. */
  named(token: string): LocalFolder & { readonly path: string }
}

export function folderTokens(): FolderTokens {
  const paths = new Map<string, string>()
  return {
    async add(path) {
      const folder = resolve(path)
      if ((await stat(folder).catch(() => null))?.isDirectory() !== true)
        throw new ServiceError({ code: 'not-installed', name: repositoryOf(folder) })
      const known = [...paths].find(([, one]) => one === folder)?.[0]
      const token = known ?? randomUUID()
      paths.set(token, folder)
      return { token, name: repositoryOf(folder) }
    },
    named(token) {
      const path = paths.get(token)
      if (path === undefined) throw new ServiceError({ code: 'not-installed', name: 'the folder' })
      return { path, token, name: repositoryOf(path) }
    },
  }
}
