// A checkpoint whose files arrive while it is compiled: the compiler starts on what is there, waits for the rest, and makes the same model.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeHashers } from '../../../../electron/services/files.ts'
import { type InputPlace, streamingSource } from '../../../../electron/services/jobs/streamingSource.ts'
import { compileModel } from '../../../../shared/compiler/compile.ts'
import { roundToNearest } from '../../../../shared/compiler/quantize/roundToNearest.ts'
import { memorySink, memorySource } from '../../../support/memorySource.ts'
import { noLibrary } from '../../../support/noLibrary.ts'
import { referenceCheckpoint } from '../../../support/referenceCheckpoint.ts'

const { signal } = new AbortController()
let folder = ''
let files: Record<string, Uint8Array> = {}
let expected: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-streaming-'))
  files = await referenceCheckpoint('llama-bf16-sharded')
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
  const sink = memorySink()
  await compile(memorySource(files), sink)
  expected = sink.files
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

async function compile(
  source: Parameters<typeof compileModel>[0]['source'],
  sink: Parameters<typeof compileModel>[0]['sink'],
) {
  await compileModel(
    {
      source,
      sink,
      options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id: 'test/streamed' } },
      runtime: new Uint8Array(),
      makeLibrary: noLibrary,
      hashers: nodeHashers,
    },
    signal,
  )
}

/** Files that arrive when the test says so. `early`: what whoever asks before that gets. */
function arriving(early: (name: string, bytes: Uint8Array) => Uint8Array | null) {
  const arrivals = new Map(Object.keys(files).map((name) => [name, Promise.withResolvers<InputPlace>()]))
  const source = streamingSource({
    files: Object.entries(files).map(([name, bytes]) => ({ name, sizeBytes: bytes.byteLength })),
    place: (name) => arrivals.get(name)?.promise ?? Promise.reject(new Error(name)),
    early: async (name, offset, length) =>
      early(name, files[name] ?? new Uint8Array())?.slice(offset, offset + length) ?? null,
  })
  const arrive = (name: string) => arrivals.get(name)?.resolve({ path: join(folder, name), sha256: null })
  return { source, arrive, names: [...arrivals.keys()] }
}

test('in whatever order files arrive, with or without early headers, the model has the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(Object.keys(files), { minLength: Object.keys(files).length }),
      fc.boolean(),
      async (order, hasEarly) => {
        const { source, arrive, names } = arriving((_name, bytes) => (hasEarly ? bytes : null))
        expect(order.length).toBe(names.length)
        await using open = source
        const sink = memorySink()
        const compiling = compile(open, sink).then(() => open.settle(signal))
        for (const name of order) {
          arrive(name)
          await new Promise((resolve) => setImmediate(resolve))
        }
        await compiling
        expect(sink.files).toEqual(expected)
      },
    ),
    { numRuns: 20, seed: 4 },
  )
})

test('weights of the first shard are written while the second is still on its way', async () => {
  const { source, arrive, names } = arriving((_name, bytes) => bytes)
  await using open = source
  const last = 'model-00002-of-00002.safetensors'
  const written = Promise.withResolvers<string>()
  const sink = memorySink()
  const compiling = compile(open, {
    write: async (name, chunk, abort) => {
      written.resolve(name)
      await sink.write(name, chunk, abort)
    },
  })
  for (const name of names) if (name !== last) arrive(name)
  expect(await written.promise).toBe('params_shard_0.bin')
  expect([...sink.files.keys()]).not.toContain('hearth.json')
  arrive(last)
  await compiling
  await open.settle(signal)
  expect(sink.files).toEqual(expected)
})

test('an early header that is not the one of the file that arrives is found before anything counts', async () => {
  // A value that is never compared by the compiler itself: the header reads well and means the same.
  const changed = (name: string, bytes: Uint8Array) => {
    const copy = Buffer.from(bytes)
    const at = name.endsWith('.safetensors') ? copy.indexOf('"pt"') : -1
    if (at > 0) copy.write('"PT"', at)
    return copy
  }
  expect(files['model-00001-of-00002.safetensors']).toBeDefined()
  const { source, arrive, names } = arriving(changed)
  await using open = source
  for (const name of names) arrive(name)
  await expect(compile(open, memorySink()).then(() => open.settle(signal))).rejects.toMatchObject({
    problem: { code: 'wrong-bytes', file: expect.stringMatching(/safetensors$/) },
  })
})

test('no other bytes than headers are read before they are verified', async () => {
  const asked: string[] = []
  const { source, arrive, names } = arriving((name, bytes) => {
    asked.push(name)
    return bytes
  })
  await using open = source
  const compiling = compile(open, memorySink())
  for (const name of names) arrive(name)
  await compiling
  expect(asked.every((name) => name.endsWith('.safetensors'))).toBe(true)
  expect(asked.length).toBeLessThanOrEqual(4)
})
