// The files of one model as the worker reads them: by name, checked, the weights two shards ahead of web-llm, so that
// disk and hashing work while the GPU does.
import type { InstalledModel } from '../../shared/model.ts'
import { InferenceError } from './inferenceError.ts'
import type { ReadShard } from './shardReaders.ts'
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

/** Shards on their way while web-llm has one: one per thread that reads. */
export const shardsAhead = 2

export function openModelFiles(
  model: InstalledModel,
  parts: Omit<ReadParts, 'arrived'>,
  readShard: ReadShard,
): ModelFiles {
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
  /** What web-llm has, and what is on its way. */
  let given: ArrayBuffer | null = null
  const ahead = new Map<string, Promise<ArrayBuffer>>()

  const start = (name: string) => {
    const reading = entryOf(name)
    const memory = free.pop()
    const fits = memory !== undefined && memory.byteLength >= reading.file.sizeBytes
    const bytes = readShard(reading, fits ? memory : new ArrayBuffer(reading.file.sizeBytes))
    // Whoever asks for it hears of it.
    bytes.catch(() => {})
    return bytes
  }

  return {
    async read(name) {
      const entry = entryOf(name)
      const target = new Uint8Array(entry.file.sizeBytes)
      await readVerified(entry, target, silent)
      return target
    },
    async readShard(name) {
      if (given !== null) free.push(given)
      given = null
      const wanted = ahead.get(name) ?? start(name)
      ahead.delete(name)
      const at = shards.indexOf(name)
      const following = at < 0 ? [] : shards.slice(at + 1, at + shardsAhead)
      const last = at < 0 ? undefined : shards[at + shardsAhead]
      for (const next of following) if (!ahead.has(next)) ahead.set(next, start(next))
      given = await wanted
      if (last !== undefined && !ahead.has(last)) ahead.set(last, start(last))
      return new Uint8Array(given, 0, entryOf(name).file.sizeBytes)
    },
    close() {
      free.length = 0
      given = null
      ahead.clear()
    },
  }
}
