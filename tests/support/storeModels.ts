// Small content and models for tests of the models folder, by numbers.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { ModelOrigin, Store, StoredBlob } from '../../electron/services/store/store.ts'
import { manifestFileName, type StoredFile } from '../../shared/model.ts'
import { modelManifestOf } from './installedModel.ts'

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const gitBlob = (bytes: Uint8Array) =>
  createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
export const content = (seed: number) => Buffer.from(`content ${seed} `.repeat(1 + (seed % 7)))

export async function publish(store: Store, bytes: Uint8Array, kind: 'sha256' | 'git-blob' = 'sha256') {
  const hash = { kind, hex: kind === 'sha256' ? sha256(bytes) : gitBlob(bytes) } as const
  writeFileSync(store.partPaths(hash).part, bytes)
  return await store.publish(hash, { sha256: sha256(bytes), sizeBytes: bytes.byteLength })
}

export interface MoreOfModel {
  /** Files of another program, by path. */
  readonly inPlace?: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  readonly origin?: ModelOrigin
  readonly checkpoint?: readonly StoredBlob[]
  /** The manifest lists blocks of this size. */
  readonly blockBytes?: number
}

/** A model of written and of shared content; gives its key. */
export async function install(
  store: Store,
  id: string,
  written: readonly Uint8Array[],
  shared: readonly Uint8Array[] = [],
  { inPlace = [], origin, checkpoint = [], blockBytes }: MoreOfModel = {},
) {
  await using draft = await store.beginModel()
  const all = [...written, ...shared, ...inPlace.map(({ bytes }) => bytes)]
  const files = all.map((bytes, index) => fileOf(`file${index}.bin`, bytes, blockBytes))
  for (const [index, bytes] of written.entries()) await draft.write(`file${index}.bin`, bytes, signal)
  for (const [index, bytes] of shared.entries())
    draft.use(`file${written.length + index}.bin`, await publish(store, bytes))
  for (const [index, { path, bytes }] of inPlace.entries()) {
    const { name, ...file } = fileOf(`file${written.length + shared.length + index}.bin`, bytes)
    draft.useInPlace(name, { path, ...file })
  }
  await draft.write(manifestFileName, Buffer.from(JSON.stringify(modelManifestOf(id, files))), signal)
  return await draft.commit(origin ?? null, checkpoint)
}

const { signal } = new AbortController()

function fileOf(name: string, bytes: Uint8Array, blockBytes: number = Number.POSITIVE_INFINITY): StoredFile {
  const file = { name, sizeBytes: bytes.byteLength, sha256: sha256(bytes) }
  if (bytes.byteLength <= blockBytes) return file
  const blocks = Array.from({ length: Math.ceil(bytes.byteLength / blockBytes) }, (_, index) =>
    sha256(bytes.subarray(index * blockBytes, (index + 1) * blockBytes)),
  )
  return { ...file, blocks }
}
