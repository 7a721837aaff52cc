// The weights of a compiled model: the numbers of its checkpoint, however that stores them, in shards that tensor-cache.json describes.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readSafetensorsHeader } from '../../../shared/compiler/checkpoint/safetensors.ts'
import { unpack } from '../../../shared/compiler/quantize/packing.ts'
import { compile, json, sha256 } from '../../support/compileInMemory.ts'
import { memorySource } from '../../support/memorySource.ts'
import { caseFolder, referenceCases, referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

const { signal } = new AbortController()
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

/** Where a checkpoint tensor lies within our fused ones. */
function placeOf(name: string): { readonly fused: string; readonly part: number } {
  for (const [parts, whole] of [
    [['q_proj', 'k_proj', 'v_proj'], 'qkv_proj'],
    [['gate_proj', 'up_proj'], 'gate_up_proj'],
  ] as const) {
    const part = parts.findIndex((one) => name.includes(`.${one}.`))
    if (part >= 0) return { fused: name.replace(parts[part] as string, whole), part }
  }
  return { fused: name, part: 0 }
}

test.each(referenceCases.filter((name) => name !== 'llama-bf16-sharded'))(
  'the 4-bit values and scales of %s hash to what an outside implementation computed',
  async (name) => {
    const { tensors } = await compile(await referenceCheckpoint(name), 'q4f32_1')
    const expected = json<{
      quantized: { name: string; shape: [number, number]; q_sha256: string; scale_sha256: string }[]
    }>(await readFile(`${caseFolder(name)}/expected.q4f32_1.json`))
    const rowsTaken = new Map<string, number>()
    const order = (one: { name: string }) => placeOf(one.name).part
    for (const { name: tensor, shape, q_sha256, scale_sha256 } of expected.quantized.sort(
      (a, b) => order(a) - order(b),
    )) {
      const stem = placeOf(tensor).fused.replace(/\.weight$/, '')
      const [rows, columns] = shape
      const first = rowsTaken.get(stem) ?? 0
      rowsTaken.set(stem, first + rows)
      const groups = Math.ceil(columns / 32)
      const packed = tensors.get(`${stem}.q_weight`)?.bytes.slice(first * groups * 16, (first + rows) * groups * 16)
      const scales = tensors.get(`${stem}.q_scale`)?.bytes.slice(first * groups * 4, (first + rows) * groups * 4)
      const q = unpack(new Uint32Array((packed as Uint8Array).buffer), rows, columns)
      expect([tensor, sha256(q), sha256(scales as Uint8Array)]).toEqual([tensor, q_sha256, scale_sha256])
    }
    expect(expected.quantized.length).toBeGreaterThan(10)
  },
)

test('unquantized float32 weights are the bytes of the checkpoint, fused in order', async () => {
  const files = await referenceCheckpoint('llama-attnbias')
  const { tensors } = await compile(files, 'q0f32')
  const weights = files['model.safetensors'] as Uint8Array
  const header = await readSafetensorsHeader(await memorySource(files).open('model.safetensors'), '', signal)
  const collected = new Map<string, Uint8Array[]>()
  for (const { name, offset, sizeBytes } of header.values()) {
    const { fused, part } = placeOf(name)
    const parts = collected.get(fused) ?? []
    parts[part] = weights.subarray(offset, offset + sizeBytes)
    collected.set(fused, parts)
  }
  expect([...tensors.keys()].sort()).toEqual([...collected.keys()].sort())
  for (const [name, parts] of collected) {
    expect(Buffer.compare(Buffer.concat(parts), tensors.get(name)?.bytes as Uint8Array), name).toBe(0)
  }
})

test('a bfloat16 checkpoint in two shards gives the same weights and libraries as its float32 twin in one file', async () => {
  const one = await compile(await referenceCheckpoint('llama-linear-rope-tied'), 'q4f16_1')
  const two = await compile(await referenceCheckpoint('llama-bf16-sharded'), 'q4f16_1')
  const built = (name: string) => name.startsWith('params_shard') || name.endsWith('.wasm')
  const hashes = (files: ReadonlyMap<string, Uint8Array>) =>
    [...files].filter(([name]) => built(name)).map(([name, bytes]) => [name, sha256(bytes)])
  expect(hashes(two.files)).toEqual(hashes(one.files))
  expect(two.manifest.inputs.map(({ name }) => name)).toEqual([
    'config.json',
    'model.safetensors.index.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'tokenizer.json',
  ])
})

test('a PyTorch file in float16 gives the same weights and libraries as its float32 twin in safetensors', async () => {
  const files = await referenceCheckpoint('bloom-f16-bin')
  const torch = await compile(files, 'q4f16_1')
  const safetensors = await compile(await referenceCheckpoint('bloom-pow2'), 'q4f16_1')
  const built = [...torch.files.keys()].filter((name) => name.startsWith('params_shard') || name.endsWith('.wasm'))
  expect(built).toHaveLength(4)
  for (const name of built)
    expect(Buffer.compare(torch.files.get(name) as Uint8Array, safetensors.files.get(name) as Uint8Array), name).toBe(0)
  const [, input] = torch.manifest.inputs
  const bytes = files['pytorch_model.bin'] as Uint8Array
  expect(input).toEqual({ name: 'pytorch_model.bin', sizeBytes: bytes.byteLength, sha256: sha256(bytes) })
})

test('tensor-cache.json describes the shards byte by byte', async () => {
  const { cache, files } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1', {
    shardSizes: { closeAtBytes: 60_000, maximumBytes: 120_000 },
  })
  expect(cache.records.length).toBeGreaterThan(1)
  let total = 0
  const width = { uint32: 4, float16: 2, float32: 4 }
  for (const shard of cache.records) {
    const bytes = files.get(shard.dataPath) as Uint8Array
    expect(bytes.byteLength).toBe(shard.nbytes)
    expect(md5(bytes)).toBe(shard.md5sum)
    expect(shard.nbytes).toBeLessThanOrEqual(120_000)
    let offset = 0
    for (const { byteOffset, nbytes, shape, dtype, format } of shard.records) {
      expect([byteOffset, format, nbytes % 4]).toEqual([offset, 'raw', 0])
      expect(nbytes).toBe(shape.reduce((product, size) => product * size, width[dtype as keyof typeof width]))
      offset += nbytes
    }
    expect(offset).toBe(shard.nbytes)
    total += offset
  }
  const records = cache.records.flatMap((shard) => shard.records)
  expect(cache.metadata).toEqual({
    ParamSize: records.length,
    ParamBytes: total,
    BitsPerParam: (total * 8) / 262_784,
  })
  expect(records.some(({ dtype }) => dtype === 'float32')).toBe(false)
})
