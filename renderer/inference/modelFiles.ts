// The files of one model as the worker reads them: by name, checked, the weights one shard ahead of web-llm, so that the disk works while the GPU does.
import type { InstalledModel, StoredFile } from '../../shared/model.ts'
import { InferenceError } from './inferenceError.ts'
import { type ReadParts, readVerified } from './verifiedFile.ts'

export interface ModelFiles {
  /** Memory of its own for the caller. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>
  /** Memory that is used again for the shard after the next: web-llm has copied all of a shard before it asks for another. */
  readShard(name: string): Promise<Uint8Array<ArrayBuffer>>
  /** Gives the memory back. */
  close(): void
}

const shardName = /^params_shard_\d+\.bin$/

export function isShard(name: string): boolean {
  return shardName.test(name)
}

/** Weights of a model together, in bytes. */
export function shardBytes({ manifest }: InstalledModel): number {
  return manifest.files.filter(({ name }) => isShard(name)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

export function openModelFiles(model: InstalledModel, parts: ReadParts): ModelFiles {
  const { key, manifest } = model
  const silent = { ...parts, arrived: () => {} }
  const entryOf = (name: string) => {
    const index = manifest.files.findIndex((file) => file.name === name)
    const file = manifest.files[index]
    if (file === undefined)
      throw new InferenceError({ code: 'load-failed', detail: `${manifest.id}: the manifest lists no ${name}` })
    return { key, index, file }
  }
  const shards = manifest.files.filter(({ name }) => isShard(name)).map(({ name }) => name)
  const numberOf = (name: string) => Number(name.replace(/\D/g, ''))
  shards.sort((a, b) => numberOf(a) - numberOf(b))
  const free: ArrayBuffer[] = []
  /** The shard web-llm has, and the one that is on its way. */
  let given: Uint8Array<ArrayBuffer> | null = null
  let ahead: { readonly name: string; readonly bytes: Promise<Uint8Array<ArrayBuffer>> } | null = null

  const start = (name: string) => {
    const { index, file } = entryOf(name)
    const bytes = readInto({ key, index, file }, free.pop())
    // Whoever asks for it hears of it.
    bytes.catch(() => {})
    return { name, bytes }
  }
  const readInto = async (
    reading: { readonly key: string; readonly index: number; readonly file: StoredFile },
    memory: ArrayBuffer | undefined,
  ) => {
    const { sizeBytes } = reading.file
    const whole = memory !== undefined && memory.byteLength >= sizeBytes ? memory : new ArrayBuffer(sizeBytes)
    const target = new Uint8Array(whole, 0, sizeBytes)
    await readVerified(reading, target, parts)
    return target
  }

  return {
    async read(name) {
      const entry = entryOf(name)
      const target = new Uint8Array(entry.file.sizeBytes)
      await readVerified(entry, target, silent)
      return target
    },
    async readShard(name) {
      if (given !== null) free.push(given.buffer)
      given = null
      const { bytes } = ahead?.name === name ? ahead : start(name)
      ahead = null
      given = await bytes
      const following = shards[shards.indexOf(name) + 1]
      if (following !== undefined) ahead = start(following)
      return given
    },
    close() {
      free.length = 0
      given = null
      ahead = null
    },
  }
}
