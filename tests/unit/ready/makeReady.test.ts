// A tiny random model of each architecture in MLC's published form becomes a model: its shards stay as they are, everything else is made, and what the graph
// then reads are the weights it was published with.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { weightFormats } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { makeReady } from '../../../shared/compiler/ready/makeReady.ts'
import { modelManifest } from '../../../shared/model.ts'
import { memorySink, memorySource } from '../../support/memorySource.ts'
import { publishedConfigs, tinyPublishedModel } from '../../support/publishedModel.ts'
import { readModelTensors } from '../../support/readModel.ts'
import { readRuntime } from '../../support/runtime.ts'

const { signal } = new AbortController()
const runtime = await readRuntime()
type Files = Readonly<Record<string, Uint8Array | string>>

async function made(files: Files, repository: string | null = 'somebody/tiny-q4f16_1-MLC') {
  const sink = memorySink()
  const { manifest, used } = await makeReady(
    {
      source: memorySource(files),
      sink,
      description: { id: 'somebody/tiny' },
      repository,
      runtime,
      makeLibrary,
      hashers: nodeHashers,
    },
    signal,
  )
  return { manifest, used, files: sink.files }
}

const cases = Object.keys(publishedConfigs).flatMap((type) => weightFormats.map((format) => [type, format] as const))

test.each(cases)('%s in %s: the weights the graph reads are those that were published', async (type, format) => {
  const { files, spec, tensors } = await tinyPublishedModel(type, format, 7)
  const { files: written, used, manifest } = await made(files)
  const folder = new Map([...written, ...used.map(({ name }) => [name, files[name] ?? new Uint8Array()] as const)])
  for (const [name, values] of readModelTensors(folder, spec, format)) expect(values, name).toEqual(tensors(name))
  expect(manifest).toMatchObject({
    weightFormat: format,
    quantization: format.startsWith('q4') ? 'round-to-nearest' : 'none',
    contextTokens: 96,
    variant: 'base',
    defaults: { temperature: 0.7, topP: 0.9 },
    stopTokenIds: [2],
  })
})

test('the manifest names every file of the folder with its size and hash, shards and what was made alike', async () => {
  const { files } = await tinyPublishedModel('gpt_neox', 'q4f16_1', 7)
  const { files: written, used, manifest } = await made(files)
  expect(used.map(({ name }) => name)).toEqual(['params_shard_0.bin'])
  const folder = new Map([...written, ...used.map(({ name }) => [name, files[name] ?? new Uint8Array()] as const)])
  const bytes = folder.get('hearth.json')
  folder.delete('hearth.json')
  expect(modelManifest.parse(JSON.parse(new TextDecoder().decode(bytes)))).toEqual(manifest)
  expect(manifest.files).toEqual(
    [...folder]
      .map(([name, content]) => ({
        name,
        sizeBytes: content.byteLength,
        sha256: createHash('sha256').update(content).digest('hex'),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  )
  expect(manifest.files.map(({ name }) => name)).toEqual([
    'library.half.wasm',
    'library.portable.wasm',
    'library.software.wasm',
    'mlc-chat-config.json',
    'params_converted.bin',
    'params_shard_0.bin',
    'tensor-cache.json',
    'tokenizer.json',
  ])
  expect(manifest.inputs.map(({ name }) => name)).toEqual([
    'mlc-chat-config.json',
    'ndarray-cache.json',
    'tokenizer.json',
  ])
})

test('equal inputs give equal bytes, whichever name the table of contents has', async () => {
  const { files } = await tinyPublishedModel('llama', 'q4f32_1', 7)
  const { 'ndarray-cache.json': cache = '', ...others } = files
  const [one, two, newer] = [
    await made(files),
    await made(files),
    await made({ ...others, 'tensor-cache.json': cache }),
  ]
  expect(one.files).toEqual(two.files)
  expect(newer.files.get('tensor-cache.json')).toEqual(one.files.get('tensor-cache.json'))
})

test.each<[string, Readonly<Record<string, string | null>>]>([
  ['params_shard_0.bin: not found', { 'params_shard_0.bin': null }],
  ['params_shard_0.bin: 3 bytes, but ndarray-cache.json says', { 'params_shard_0.bin': 'abc' }],
  ['tensor-cache.json: not found, nor is ndarray-cache.json', { 'ndarray-cache.json': null }],
  ['mlc-chat-config.json: expected JSON', { 'mlc-chat-config.json': '{' }],
  ['ndarray-cache.json: records: expected a list of shards', { 'ndarray-cache.json': '[]' }],
])('%s', async (message, changes) => {
  const { files } = await tinyPublishedModel('llama', 'q4f16_1', 7)
  const changed: Record<string, Uint8Array | string> = { ...files }
  for (const [name, content] of Object.entries(changes)) {
    if (content === null) delete changed[name]
    else changed[name] = content
  }
  await expect(made(changed)).rejects.toThrow(message)
})
