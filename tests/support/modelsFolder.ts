// A models folder with a bit of everything, and a plain account of what is in one, to compare before and after.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createModelLibrary } from '../../electron/services/library.ts'
import type { Store } from '../../electron/services/store/store.ts'
import { manifestFileName } from '../../shared/model.ts'
import { modelManifestOf } from './installedModel.ts'

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Content that a number names: some of it equal, some of it empty, some of several chunks where `scale` is large. */
export function contentOf(seed: number, scale = 1): Buffer {
  return Buffer.from(`content ${seed} `.repeat((seed % 7) * scale))
}

/** A model of written content; gives its key. */
export async function installContent(
  store: Store,
  id: string,
  contents: readonly Uint8Array[],
  inPlace: readonly string[] = [],
) {
  const { signal } = new AbortController()
  await using draft = await store.beginModel()
  const kept = inPlace.map((path) => ({ path, bytes: readFileSync(path) }))
  const files = [...contents, ...kept.map(({ bytes }) => bytes)].map((bytes, index) => ({
    name: `file${index}.bin`,
    sizeBytes: bytes.byteLength,
    sha256: sha256Of(bytes),
  }))
  for (const [index, bytes] of contents.entries()) await draft.write(`file${index}.bin`, bytes, signal)
  for (const [index, { path, bytes }] of kept.entries()) {
    const file = { path, sizeBytes: bytes.byteLength, sha256: sha256Of(bytes) }
    draft.useInPlace(`file${contents.length + index}.bin`, file)
  }
  await draft.write(manifestFileName, Buffer.from(JSON.stringify(modelManifestOf(id, files))), signal)
  return await draft.commit(null, [])
}

/** A model in a folder of its own. */
export function writePlainModel(folder: string, id: string, contents: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true })
  const files = contents.map((bytes, index) => ({
    name: `file${index}.bin`,
    sizeBytes: bytes.byteLength,
    sha256: sha256Of(bytes),
  }))
  for (const [index, bytes] of contents.entries()) writeFileSync(join(folder, `file${index}.bin`), bytes)
  writeFileSync(join(folder, manifestFileName), JSON.stringify(modelManifestOf(id, files)))
}

/** What readers see of a models folder: every model with the hash of each of its files, parts on their way, and problems. */
export async function accountOf(folder: string) {
  using library = createModelLibrary({ storeFolder: folder, bundledFolder: join(folder, 'none') })
  const models = []
  for (const { key, manifest } of await library.list()) {
    const files = []
    for (const index of manifest.files.keys()) {
      const file = await library.file(key, index)
      files.push(file === null ? null : sha256Of(readFileSync(file.path)))
    }
    models.push({ key, id: manifest.id, files })
  }
  const partial = join(folder, 'partial')
  const parts = existsSync(partial)
    ? readdirSync(partial).map((name) => [name, sha256Of(readFileSync(join(partial, name)))])
    : []
  return { models, parts, problems: (await library.problems()).map(({ problem }) => problem) }
}
