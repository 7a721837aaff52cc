// web-llm reads every artifact through the Cache API. This stands in for it in the worker: a model's addresses lead to the store of this computer, read
// when asked for, with no second copy and no network. Nothing can be added: a file the manifest does not list does not exist.
import { type InstalledModel, modelFileUrl } from '../../shared/model.ts'

/** The folder address web-llm is given. It appends file names; only this shim ever resolves them. */
export function modelBaseUrl(key: string): string {
  return `hearth-model://store/${key}/resolve/main/`
}

export interface StoredArtifact {
  arrayBuffer(): Promise<ArrayBuffer>
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
 * A `caches` object that holds exactly the files of one installed model. `match` reads nothing yet: web-llm matches every artifact twice and reads it
 * once.
 */
export function modelCaches(
  model: InstalledModel,
  read: (url: string) => Promise<Response>,
): { open(scope: string): Promise<ModelCache> } {
  const base = modelBaseUrl(model.key)
  const addresses = new Map(model.manifest.files.map((file, index) => [base + file.name, index]))
  const nameOf = (request: string | { readonly url: string }) => (typeof request === 'string' ? request : request.url)
  const readFile = async (index: number) => {
    const response = await read(modelFileUrl(model.key, index))
    if (!response.ok) {
      throw new Error(`${model.manifest.files[index]?.name}: the store answered ${response.status}`)
    }
    return response
  }
  const cache: ModelCache = {
    match: async (request) => {
      const index = addresses.get(nameOf(request))
      if (index === undefined) return undefined
      return {
        arrayBuffer: async () => (await readFile(index)).arrayBuffer(),
        json: async () => (await readFile(index)).json(),
      }
    },
    add: async (request) => {
      throw new Error(`${nameOf(request)} is not among the installed files of ${model.manifest.id}`)
    },
    keys: async () => [...addresses.keys()].map((url) => ({ url })),
    delete: async () => false,
  }
  return { open: async () => cache }
}
