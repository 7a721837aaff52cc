// web-llm reads every artifact through the Cache API. This stands in for it in the worker: a model's addresses lead to the store of this computer, read
// when asked for, with no second copy and no network. Nothing can be added: a file the manifest does not list does not exist.
import type { InstalledModel } from '../../shared/model.ts'
import { isShard, type ModelFiles } from './modelFiles.ts'

/** The folder address web-llm is given. It appends file names; only this shim ever resolves them. */
export function modelBaseUrl(key: string): string {
  return `hearth-model://store/${key}/resolve/main/`
}

/** The address web-llm is given for the model's library: it goes around the cache unless it begins with http. Nothing ever asks a network for it. */
export function libraryUrl(key: string, name: string): string {
  return `https://${key.slice(0, 32)}.invalid/${name}`
}

export interface StoredArtifact {
  /** Of a shard, a view of memory that is used again: web-llm takes either. */
  arrayBuffer(): Promise<ArrayBuffer | Uint8Array>
  json(): Promise<unknown>
}

/** The four methods of Cache that web-llm calls. */
export interface ModelCache {
  match(request: string | { readonly url: string }): Promise<StoredArtifact | undefined>
  add(request: string | { readonly url: string }): Promise<void>
  keys(): Promise<readonly { readonly url: string }[]>
  delete(request: string | { readonly url: string }): Promise<boolean>
}

/**
 * A `caches` object that holds exactly the files of one installed model, and its library under the address that web-llm is given for it. `match` reads
 * nothing yet: web-llm matches every artifact twice and reads it once.
 */
export function modelCaches(model: InstalledModel, files: ModelFiles): { open(scope: string): Promise<ModelCache> } {
  const base = modelBaseUrl(model.key)
  const names = new Map(
    model.manifest.files.flatMap(({ name }) => [
      [base + name, name],
      [libraryUrl(model.key, name), name],
    ]),
  )
  const addressOf = (request: string | { readonly url: string }) =>
    typeof request === 'string' ? request : request.url
  const cache: ModelCache = {
    match: async (request) => {
      const name = names.get(addressOf(request))
      if (name === undefined) return undefined
      return {
        arrayBuffer: async () => (isShard(name) ? files.readShard(name) : (await files.read(name)).buffer),
        json: async () => JSON.parse(new TextDecoder().decode(await files.read(name))),
      }
    },
    add: async (request) => {
      throw new Error(`${addressOf(request)} is not among the installed files of ${model.manifest.id}`)
    },
    keys: async () => [...names.keys()].map((url) => ({ url })),
    delete: async () => false,
  }
  return { open: async () => cache }
}
