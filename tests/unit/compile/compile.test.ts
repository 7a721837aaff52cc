import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { parseJson } from '../../../shared/compiler/checkpoint/json.ts'
import { readSafetensorsHeader } from '../../../shared/compiler/checkpoint/safetensors.ts'
import { type CompileOptions, type CompileProgress, compileModel } from '../../../shared/compiler/compile.ts'
import { type WeightFormat, weightFormats } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { unpack } from '../../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { modelManifest } from '../../../shared/model.ts'
import { type MemoryFiles, memorySink, memorySource } from '../../support/memorySource.ts'
import { caseFolder, referenceCases, referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

const runtime = new Uint8Array(
  await readFile(new URL('../../../resources/runtime/hearth-runtime.wasm', import.meta.url)),
)
const { signal } = new AbortController()

interface Cache {
  readonly metadata: { readonly ParamSize: number; readonly ParamBytes: number; readonly BitsPerParam: number }
  readonly records: readonly {
    readonly dataPath: string
    readonly nbytes: number
    readonly md5sum: string
    readonly records: readonly {
      readonly name: string
      readonly shape: readonly number[]
      readonly dtype: string
      readonly format: string
      readonly nbytes: number
      readonly byteOffset: number
    }[]
  }[]
}

async function compile(files: MemoryFiles, format: WeightFormat, more: Partial<CompileOptions> = {}) {
  const sink = memorySink()
  const seen: CompileProgress[] = []
  const manifest = await compileModel(
    {
      source: memorySource(files),
      sink,
      runtime,
      makeLibrary,
      hashers: nodeHashers,
      options: { format, quantizer: roundToNearest, description: { id: 'test/model' }, ...more },
      onProgress: (progress) => seen.push(progress),
    },
    signal,
  )
  const file = (name: string) => sink.files.get(name) as Uint8Array
  const cache = parseJson(file('tensor-cache.json'), '') as Cache
  const tensors = new Map(
    cache.records.flatMap((shard) =>
      shard.records.map((record) => [
        record.name,
        { ...record, bytes: file(shard.dataPath).slice(record.byteOffset, record.byteOffset + record.nbytes) },
      ]),
    ),
  )
  return { manifest, files: sink.files, cache, tensors, seen }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')
const json = <T>(bytes: Uint8Array | undefined): T => JSON.parse(Buffer.from(bytes as Uint8Array).toString('utf8')) as T

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

test('compiling twice gives identical bytes, in every format', async () => {
  const files = await referenceCheckpoint('llama-gqa')
  for (const format of weightFormats) {
    const [first, second] = [await compile(files, format), await compile(files, format)]
    expect([...second.files.keys()]).toEqual([...first.files.keys()])
    for (const [name, bytes] of first.files)
      expect(Buffer.compare(bytes, second.files.get(name) as Uint8Array), name).toBe(0)
  }
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

test('the manifest lists every file and input with size and sha256, and the model it describes', async () => {
  const files = {
    ...(await referenceCheckpoint('llama-gqa')),
    'generation_config.json': '{"eos_token_id":[2,5],"temperature":0.6,"top_p":0.9}',
    'README.md': '---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\nlicense: none',
  }
  const {
    manifest,
    files: written,
    seen,
  } = await compile(files, 'q4f16_1', { contextTokens: 200, prefillChunkTokens: 64 })
  const stored = json<unknown>(written.get('hearth.json'))
  expect(modelManifest.parse(stored)).toEqual(manifest)
  expect(manifest.files.map(({ name }) => name)).toEqual(
    [...written.keys()].filter((name) => name !== 'hearth.json').sort(),
  )
  expect([...written.keys()].at(-1)).toBe('hearth.json')
  for (const { name, sizeBytes, sha256: hash } of manifest.files) {
    const bytes = written.get(name) as Uint8Array
    expect([name, bytes.byteLength, sha256(bytes)]).toEqual([name, sizeBytes, hash])
  }
  for (const { name, sha256: hash } of manifest.inputs) {
    expect(sha256(Buffer.from((files as Record<string, string | Uint8Array>)[name] as string)), name).toBe(hash)
  }
  expect(manifest).toMatchObject({
    id: 'test/model',
    title: 'model',
    variant: 'base',
    licence: 'apache-2.0',
    prompt: { kind: 'completion' },
    quantization: 'round-to-nearest',
    weightFormat: 'q4f16_1',
    vocabularySize: 256,
    contextTokens: 200,
    prefillChunkTokens: 64,
    stopTokenIds: [2, 5],
    bosTokenId: 1,
    defaults: { temperature: 0.6, topP: 0.9 },
  })
  const weights = written.get('params_shard_0.bin') as Uint8Array
  expect(manifest.memory.weightsBytes).toBe(weights.byteLength)
  // Keys and values, 2 layers, 2 heads of 32 in float32, context rounded up to 16.
  expect(manifest.memory.cacheBytes).toBe(2 * 2 * 2 * 32 * 4 * 208)
  expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(seen.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b))
  expect(seen.at(-1)?.doneBytes).toBe(seen.at(-1)?.totalBytes)
  expect(new Set(seen.map(({ step }) => step))).toEqual(new Set(['inputs', 'weights', 'libraries']))
})

test('the chat configuration has what web-llm reads', async () => {
  const { files } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1', {
    description: {
      id: 'test/chat',
      variant: 'chat',
      stopTokenIds: [2, 1],
      prompt: {
        kind: 'turns',
        name: 'plain',
        userPrefix: 'User: ',
        userSuffix: '\n',
        assistantPrefix: 'Assistant:',
        assistantSuffix: '\n',
        singleTurn: false,
        stopStrings: ['\nUser:'],
      },
      defaults: { temperature: 0.7, topP: 0.9 },
    },
  })
  expect(json(files.get('mlc-chat-config.json'))).toMatchObject({
    model_type: 'llama',
    quantization: 'q4f16_1',
    vocab_size: 256,
    context_window_size: 512,
    sliding_window_size: -1,
    attention_sink_size: -1,
    prefill_chunk_size: 512,
    temperature: 0.7,
    top_p: 0.9,
    repetition_penalty: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    tokenizer_files: ['tokenizer.json'],
    tokenizer_info: { token_postproc_method: 'byte_fallback', prepend_space_in_encode: true },
    conv_template: {
      system_template: '{system_message}',
      seps: ['\n', '\n'],
      stop_str: ['\nUser:'],
      stop_token_ids: [2, 1],
      system_prefix_token_ids: [1],
    },
    bos_token_id: 1,
  })
  expect(Buffer.from(files.get('mlc-chat-config.json') as Uint8Array).toString()).not.toContain('role_templates')
})

test('the three libraries are WebAssembly modules with the runtime inside', async () => {
  const { files, manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1')
  for (const name of Object.values(manifest.libraries)) {
    const module = await WebAssembly.compile(files.get(name) as Uint8Array<ArrayBuffer>)
    expect(WebAssembly.Module.exports(module).length).toBeGreaterThan(5)
  }
  const half = Buffer.from(files.get(manifest.libraries.half) as Uint8Array)
  const portable = Buffer.from(files.get(manifest.libraries.portable) as Uint8Array)
  expect([half.includes('enable f16;'), portable.includes('enable f16;')]).toEqual([true, false])
})

describe('a quantizer', () => {
  test('may be made from the opened model', async () => {
    const { manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1', {
      quantizer: async ({ rules, spec, checkpoint }) => {
        expect([spec.layers.length, checkpoint.tensors.size]).toEqual([2, 21])
        expect(rules[0]?.name).toBe('model.embed_tokens.weight')
        return { ...roundToNearest, name: 'search' }
      },
    })
    expect(manifest.quantization).toBe('search')
  })

  test('is not used by unquantized formats', async () => {
    const quantizer = { name: 'gptq', quantizeRows: () => expect.unreachable() } as const
    const { manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q0f16', { quantizer })
    expect(manifest.quantization).toBe('none')
  })
})
