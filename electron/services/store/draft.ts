// A model in the making. Its files are written to a folder of its own; with the commit they become blobs and the model one row among others, in one
// transaction. Killed before that, nothing but announced files without rows is left, which the next start removes.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { type ModelManifest, manifestFileName, modelManifest, type StoredFile } from '../../../shared/model.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import type { Blobs } from './blobs.ts'
import { moveDurably, onDisk, syncFile } from './disk.ts'
import { createDraftFiles, type WrittenFile } from './draftFiles.ts'
import type { Known } from './known.ts'
import { mendAll } from './mend.ts'
import type { Pending } from './pending.ts'
import type { Serial } from './serial.ts'
import type { ModelDraft, ModelOrigin, StoredBlob } from './store.ts'
import { draftFolder, draftPath, manifestPath } from './storePaths.ts'

/** Where a file of the model comes from. */
type Source =
  | { readonly kind: 'written'; readonly file: WrittenFile }
  | { readonly kind: 'blob'; readonly blob: StoredBlob }
  | { readonly kind: 'in-place'; readonly path: string; readonly sizeBytes: number; readonly sha256: string }

export interface DraftParts {
  readonly folder: string
  readonly database: DatabaseSync
  readonly blobs: Blobs
  readonly pending: Pending
  readonly known: Known
  readonly serial: Serial
  readonly now: () => number
  /** Called when it was committed or given up. */
  readonly ended: () => void
}

const maximumManifestBytes = 4 * 2 ** 20

export async function beginDraft(parts: DraftParts): Promise<ModelDraft> {
  const { folder, blobs, serial } = parts
  const id = randomUUID()
  await onDisk(folder, () => mkdir(draftFolder(folder, id), { recursive: true }))
  const files = createDraftFiles((index) => draftPath(folder, id, index))
  const manifest: Uint8Array[] = []
  const taken = new Map<string, Exclude<Source, { readonly kind: 'written' }>>()
  const pins = new DisposableStack()
  let isOpen = true
  const end = async () => {
    if (!isOpen) return
    isOpen = false
    parts.ended()
    pins.dispose()
    await files.close()
    await rm(draftFolder(folder, id), { recursive: true, force: true })
  }
  return {
    async write(name, chunk, signal) {
      signal.throwIfAborted()
      if (!isOpen) throw new Error(`${name} is written to a model that was committed or given up`)
      if (name !== manifestFileName) return await onDisk(folder, () => files.write(name, chunk), chunk.byteLength)
      manifest.push(chunk.slice())
      if (manifest.reduce((sum, { byteLength }) => sum + byteLength, 0) > maximumManifestBytes)
        throw new Error(`${manifestFileName} is longer than ${maximumManifestBytes} bytes`)
    },
    use(name, blob) {
      pins.use(blobs.pin(blob.sha256))
      taken.set(name, { kind: 'blob', blob })
    },
    useInPlace: (name, file) => void taken.set(name, { kind: 'in-place', ...file }),
    async commit(origin, checkpoint) {
      const written = await onDisk(folder, () => files.finish())
      for (const { sha256 } of checkpoint) pins.use(blobs.pin(sha256))
      const sources = new Map<string, Source>([
        ...[...written].map(([name, file]) => [name, { kind: 'written', file }] as const),
        ...taken,
      ])
      const model = await readManifest(Buffer.concat(manifest), sources)
      const key = await serial(() => install(parts, model, { origin, checkpoint, id }))
      await end()
      return key
    },
    [Symbol.asyncDispose]: end,
  }
}

interface ReadyModel {
  readonly key: string
  readonly bytes: Buffer
  readonly manifest: ModelManifest
  /** In the manifest's order. */
  readonly files: readonly (StoredFile & { readonly source: Source })[]
}

/** Every file of the manifest from one source, of the size and hash it says. */
async function readManifest(bytes: Buffer, sources: ReadonlyMap<string, Source>): Promise<ReadyModel> {
  const manifest = modelManifest.parse(JSON.parse(bytes.toString('utf8')))
  const files: (StoredFile & { readonly source: Source })[] = []
  for (const file of manifest.files) {
    const source = sources.get(file.name)
    if (source === undefined) throw new Error(`${manifest.id}: ${file.name} is missing`)
    const is = source.kind === 'written' ? source.file : source.kind === 'blob' ? source.blob : source
    if (is.sha256 !== file.sha256 || is.sizeBytes !== file.sizeBytes) {
      const [expected, actual] = [file, is].map(
        ({ sizeBytes, sha256 }) => `${sizeBytes} bytes with the sha256 ${sha256}`,
      )
      throw new ServiceError({
        code: 'wrong-bytes',
        file: file.name,
        expected: String(expected),
        actual: String(actual),
      })
    }
    files.push({ ...file, source: source.kind === 'in-place' ? await withRealPath(source, file) : source })
  }
  const listed = new Set(manifest.files.map(({ name }) => name))
  for (const name of sources.keys())
    if (!listed.has(name)) throw new Error(`${manifest.id}: ${name} is not in its manifest`)
  return { key: createHash('sha256').update(bytes).digest('hex'), bytes, manifest, files }
}

/** A link in another program's folder may be exchanged later; what was read is where it leads now. */
async function withRealPath<S extends { readonly path: string }>(source: S, file: StoredFile): Promise<S> {
  const path = await realpath(source.path)
  const { size } = await stat(path)
  if (size === file.sizeBytes) return { ...source, path }
  throw new ServiceError({
    code: 'wrong-bytes',
    file: file.name,
    expected: `${file.sizeBytes} bytes`,
    actual: `${size} bytes`,
  })
}

interface Commit {
  readonly origin: ModelOrigin | null
  readonly checkpoint: readonly StoredBlob[]
  readonly id: string
}

async function install(
  { folder, database, blobs, pending, known, now }: DraftParts,
  { key, bytes, manifest, files }: ReadyModel,
  { origin, checkpoint, id }: Commit,
): Promise<string> {
  const isThere = database.prepare('SELECT 1 FROM model WHERE key = ?').get(key) !== undefined
  const isWhole = (sha256: string) => blobs.blob({ kind: 'sha256', hex: sha256 }) !== null
  for (const { name, sha256, source } of files)
    if (source.kind === 'blob' && !isWhole(sha256)) throw new Error(`${name} is no blob any more`)
  // The same model again: what it lost since is made good.
  const needed = files.filter(({ sha256, source }) => source.kind !== 'written' || !isThere || !isWhole(sha256))
  const placed = needed.flatMap(({ sha256, sizeBytes, source }) =>
    source.kind === 'written' ? [{ sha256, sizeBytes, path: source.file.path }] : [],
  )
  if (isThere && placed.length === 0 && known.of(key).damage.length === 0)
    throw new ServiceError({ code: 'already-installed', name: manifest.id })
  const manifestFile = draftPath(folder, id, files.length)
  await writeFile(manifestFile, bytes, { flag: 'wx' })
  await syncFile(manifestFile)
  transaction(database, () => {
    for (const { sha256 } of placed) pending.announce('blobs', sha256)
    pending.announce('manifests', key)
  })
  // Equal files have one blob: the first rename takes it there.
  for (const { sha256, path } of new Map(placed.map((file) => [file.sha256, file])).values())
    await blobs.place(path, sha256)
  await moveDurably(manifestFile, manifestPath(folder, key))
  transaction(database, () => {
    for (const blob of placed) {
      blobs.addRow(blob, null)
      pending.done('blobs', blob.sha256)
    }
    pending.done('manifests', key)
    if (isThere) return mendAll(database, known, key)
    database
      .prepare('INSERT INTO model (key, manifest, origin, added_at_ms) VALUES (?, ?, ?, ?)')
      .run(key, bytes.toString('utf8'), origin && JSON.stringify(origin), now())
    const addFile = database.prepare(
      'INSERT INTO model_file (model, position, sha256, size_bytes, in_place, is_made) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const [position, { sizeBytes, sha256, source }] of files.entries()) {
      const path = source.kind === 'in-place' ? source.path : null
      addFile.run(key, position, sha256, sizeBytes, path, source.kind === 'written' ? 1 : 0)
    }
    const keep = database.prepare('INSERT OR IGNORE INTO checkpoint_file (model, sha256) VALUES (?, ?)')
    for (const { sha256 } of checkpoint) keep.run(key, sha256)
  })
  return key
}
