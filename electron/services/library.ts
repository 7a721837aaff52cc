// The models there are: those bundled with the app, those of the store's database, and folders below the models folder. A folder is a model when it has a
// valid hearth.json and all its files in their sizes.
import { createHash } from 'node:crypto'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type InstalledModel,
  type ModelManifest,
  manifestFileName,
  modelManifest,
  type StoredFile,
} from '../../shared/model.ts'
import { readStore, type StoreReader } from './store/readStore.ts'

export interface ModelLibraryOptions {
  readonly storeFolder: string
  readonly bundledFolder: string
}

export interface ModelProblem {
  readonly folder: string
  readonly problem: string
}

/** A file with what its bytes must be: `blockHashes` of shared/model.ts gives the hash of each block. */
export interface LibraryFile extends StoredFile {
  readonly path: string
  /** It belongs to another program and lies outside the models folder; `path` is its real path, without links. */
  readonly isInPlace: boolean
}

export interface ModelLibrary {
  /** Bundled models first, then installed ones, each by id. Reads the folders anew. */
  list(): Promise<readonly InstalledModel[]>
  /** File `index` of a listed model's manifest; null for an unknown key or index, or when the file has changed its size. */
  file(key: string, index: number): Promise<LibraryFile | null>
  /** Folders that look like models and are none. */
  problems(): Promise<readonly ModelProblem[]>
}

interface Found extends InstalledModel {
  /** null: in the store. */
  readonly folder: string | null
}

const maximumManifestBytes = 4 * 2 ** 20

/** Opens the library. Folders that do not exist hold no models. */
export function createModelLibrary({ storeFolder, bundledFolder }: ModelLibraryOptions): ModelLibrary & Disposable {
  const store = readStore(storeFolder)
  let known = new Map<string, Found>()
  const scan = async () => {
    const folders = [
      ...(await modelFolders(bundledFolder)).map((folder) => ({ folder, bundled: true })),
      ...(await modelFolders(storeFolder)).map((folder) => ({ folder, bundled: false })),
    ]
    const read = await Promise.all(folders.map(({ folder, bundled }) => readModel(folder, bundled)))
    const stored = storedModels(store, storeFolder)
    const found = new Map(stored.flatMap((model) => ('manifest' in model ? [[model.key, model] as const] : [])))
    for (const model of read) {
      if ('manifest' in model && !found.has(model.key)) found.set(model.key, model)
    }
    known = found
    return [...stored, ...read]
  }
  return {
    async list() {
      await scan()
      return [...known.values()].map(({ key, bundled, manifest }) => ({ key, bundled, manifest })).sort(byPlaceAndId)
    },
    async file(key, index) {
      if (!known.has(key)) await scan()
      const model = known.get(key)
      const stored = model?.manifest.files[index]
      if (model === undefined || stored === undefined) return null
      const { folder } = model
      const file =
        folder === null ? store.file(model, index) : { ...stored, path: join(folder, stored.name), isInPlace: false }
      if (file === null || (await fileSize(file.path)) !== stored.sizeBytes) return null
      // What was installed was a real path: a link in its place leads where nobody agreed to read.
      return file.isInPlace && (await realpath(file.path).catch(() => null)) !== file.path ? null : file
    },
    async problems() {
      return (await scan()).flatMap((model) => ('problem' in model ? [model] : []))
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

/** A database that cannot be read hides its models and says so; the others are there all the same. */
function storedModels(store: StoreReader, folder: string): readonly (Found | ModelProblem)[] {
  try {
    return store.models().map((model) => ({ ...model, folder: null }))
  } catch (error) {
    return [{ folder, problem: error instanceof Error ? error.message : String(error) }]
  }
}

function byPlaceAndId(a: InstalledModel, b: InstalledModel): number {
  if (a.bundled !== b.bundled) return a.bundled ? -1 : 1
  return a.manifest.id < b.manifest.id ? -1 : a.manifest.id > b.manifest.id ? 1 : 0
}

/** Folders with a manifest, one or two levels down; hidden ones are models in the making. */
async function modelFolders(root: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const folder of await subfolders(root)) {
    if ((await fileSize(join(folder, manifestFileName))) !== null) found.push(folder)
    else {
      for (const inner of await subfolders(folder)) {
        if ((await fileSize(join(inner, manifestFileName))) !== null) found.push(inner)
      }
    }
  }
  return found
}

async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name))
    .sort()
}

async function readModel(folder: string, bundled: boolean): Promise<Found | ModelProblem> {
  const path = join(folder, manifestFileName)
  if (((await fileSize(path)) ?? 0) > maximumManifestBytes)
    return { folder, problem: `${manifestFileName} is too large` }
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) return { folder, problem: `${manifestFileName} cannot be read` }
  const manifest = decodeManifest(bytes)
  if (manifest === null) return { folder, problem: `${manifestFileName} is damaged or from another version of Hearth` }
  for (const file of manifest.files) {
    const size = await fileSize(join(folder, file.name))
    if (size === null) return { folder, problem: `${file.name} is missing` }
    if (size !== file.sizeBytes)
      return { folder, problem: `${file.name} has ${size} bytes, expected ${file.sizeBytes}` }
  }
  return { key: createHash('sha256').update(bytes).digest('hex'), bundled, manifest, folder }
}

function decodeManifest(bytes: Buffer): ModelManifest | null {
  try {
    return modelManifest.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return null
  }
}

async function fileSize(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? found.size : null
}
