// Bad input gets one clear error naming file and field. Every case changes one thing in a checkpoint that compiles.
import { describe, expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { compileModel } from '../../../shared/compiler/compile.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { CompileError } from '../../../shared/errors.ts'
import { type MemoryFiles, memorySink, memorySource } from '../../support/memorySource.ts'
import { noLibrary } from '../../support/noLibrary.ts'
import { referenceCheckpoint, smallTokenizer } from '../../support/referenceCheckpoint.ts'

async function compile(files: MemoryFiles, format: WeightFormat = 'q4f16_1', signal = new AbortController().signal) {
  const sink = memorySink()
  await compileModel(
    {
      source: memorySource(files),
      sink,
      runtime: new Uint8Array(),
      makeLibrary: noLibrary,
      hashers: nodeHashers,
      options: { format, quantizer: roundToNearest, description: { id: 'test/model' } },
    },
    signal,
  )
  return sink.files
}

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>

const good = await referenceCheckpoint('llama-gqa')
const embedding = 'model.embed_tokens.weight'
const norm = 'model.layers.1.input_layernorm.weight'

/** The good weights with a changed header; the data stays in place. */
function withHeader(change: (header: Header) => void): Uint8Array {
  const file = Buffer.from(good['model.safetensors'] as Uint8Array)
  const length = Number(file.readBigUInt64LE())
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Header
  change(header)
  const text = Buffer.from(JSON.stringify(header))
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([start, text, file.subarray(8 + length)])
}

/** The good weights with one float32 of a tensor replaced. */
function withValue(tensor: string, element: number, value: number): Uint8Array {
  const file = Buffer.from(good['model.safetensors'] as Uint8Array)
  const length = Number(file.readBigUInt64LE())
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Header
  file.writeFloatLE(value, 8 + length + (header[tensor]?.data_offsets[0] ?? 0) + 4 * element)
  return file
}

const rename = (from: string, to: string) =>
  withHeader((header) => {
    header[to] = header[from] as Header[string]
    delete header[from]
  })
const withConfig = (change: object) =>
  JSON.stringify({ ...(JSON.parse(Buffer.from(good['config.json'] as Uint8Array).toString()) as object), ...change })
const withTokenizer = (change: (tokenizer: ReturnType<typeof smallTokenizer>) => void) => {
  const tokenizer = smallTokenizer()
  change(tokenizer)
  return JSON.stringify(tokenizer)
}
const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))

test('the checkpoint these cases start from compiles', async () => {
  expect((await compile(good)).has('hearth.json')).toBe(true)
})

describe('refused:', () => {
  test.each<[string, MemoryFiles, string]>([
    ['no config.json', without('config.json'), 'config.json: not found'],
    ['config.json is empty', { ...good, 'config.json': '' }, 'config.json: expected JSON'],
    [
      'config.json above 4 MiB',
      { ...good, 'config.json': `{"x":"${'x'.repeat(2 ** 22)}"}` },
      'config.json: 4194312 bytes, expected at most',
    ],
    [
      'a key of config.json twice',
      { ...good, 'config.json': '{"model_type":"llama","model_type":"llama"}' },
      'config.json: the key "model_type" stands twice',
    ],
    [
      'an unknown model type',
      { ...good, 'config.json': withConfig({ model_type: 'bert' }) },
      'config.json: model_type: "bert"',
    ],
    ['no weights', without('model.safetensors'), 'model.safetensors: not found'],
    ['no tokenizer', without('tokenizer.json'), 'tokenizer.json: not found'],
    [
      'a tensor is missing',
      { ...good, 'model.safetensors': rename(norm, 'model.layers.1.rotary_emb.x') },
      `model.safetensors: tensor "${norm}": missing, expected shape [128]`,
    ],
    [
      'a tensor too many',
      { ...good, 'config.json': withConfig({ num_hidden_layers: 1 }) },
      'model.safetensors: tensor "model.layers.1.',
    ],
    [
      'a layer too few',
      { ...good, 'config.json': withConfig({ num_hidden_layers: 3 }) },
      'tensor "model.layers.2.self_attn.q_proj.weight": missing',
    ],
    [
      'a bias that the configuration denies',
      { ...good, 'model.safetensors': rename(norm, 'model.layers.0.self_attn.q_proj.bias') },
      `tensor "${norm}": missing`,
    ],
    [
      'a head beside tied embeddings is ignored, one that is missing is not',
      { ...good, 'model.safetensors': rename('lm_head.weight', 'rotary_emb.inv_freq') },
      'tensor "lm_head.weight": missing',
    ],
    [
      'more embedding rows than vocab_size',
      { ...good, 'config.json': withConfig({ vocab_size: 255 }) },
      `model.safetensors: tensor "${embedding}".shape: [256,128], expected [255,128] from config.json`,
    ],
    [
      'a transposed matrix',
      { ...good, 'model.safetensors': withHeader((header) => (header[embedding] as Header[string]).shape.reverse()) },
      `tensor "${embedding}".shape: [128,256], expected [256,128]`,
    ],
    [
      'a vector as a matrix',
      { ...good, 'model.safetensors': withHeader((header) => (header[norm] as Header[string]).shape.unshift(1)) },
      `tensor "${norm}".shape: [1,128], expected [128]`,
    ],
    [
      'integers as weights',
      {
        ...good,
        'model.safetensors': withHeader((header) => {
          ;(header[norm] as Header[string]).dtype = 'I32'
        }),
      },
      `tensor "${norm}".dtype: I32, expected F32, F16 or BF16`,
    ],
    [
      'NaN in a matrix',
      { ...good, 'model.safetensors': withValue(embedding, 131, Number.NaN) },
      `model.safetensors: tensor "${embedding}": element 131 is NaN`,
    ],
    [
      'infinity in a norm',
      { ...good, 'model.safetensors': withValue(norm, 3, Number.POSITIVE_INFINITY) },
      `tensor "${norm}": element 3 is Infinity`,
    ],
    [
      'minus infinity in a matrix',
      { ...good, 'model.safetensors': withValue('lm_head.weight', 0, Number.NEGATIVE_INFINITY) },
      'tensor "lm_head.weight": element 0 is -Infinity',
    ],
    [
      'a norm beyond float16',
      { ...good, 'model.safetensors': withValue(norm, 5, 70_000) },
      `tensor "${norm}": element 5 is 70000, beyond the float16 range`,
    ],
    [
      'a scale beyond float16',
      { ...good, 'model.safetensors': withValue(embedding, 5, 1e6) },
      `model.safetensors: tensor "${embedding}": ${embedding}: row 0, column 5`,
    ],
    [
      'a truncated file',
      { ...good, 'model.safetensors': (good['model.safetensors'] as Uint8Array).subarray(0, -1) },
      'ends at byte',
    ],
    [
      'junk behind the tensors',
      { ...good, 'model.safetensors': Buffer.concat([good['model.safetensors'] as Uint8Array, Buffer.alloc(1)]) },
      '1 bytes at the end belong to no tensor',
    ],
    [
      'an end token beyond the vocabulary',
      { ...good, 'generation_config.json': '{"eos_token_id":256}' },
      'generation_config.json: eos_token_id: "256", expected token ids below 256',
    ],
    [
      'generation_config.json is a list',
      { ...good, 'generation_config.json': '[]' },
      'generation_config.json: expected a JSON object',
    ],
    [
      'a token id beyond the embedding',
      {
        ...good,
        'tokenizer.json': withTokenizer((t) => {
          t.model.vocab.x = 256
        }),
      },
      'tokenizer.json: model.vocab["x"]: "256", expected an id below the 256 rows',
    ],
    [
      'a merge of unknown pieces',
      { ...good, 'tokenizer.json': withTokenizer((t) => t.model.merges.push('b a')) },
      'tokenizer.json: model.merges[2]: "ba" is not in the vocabulary',
    ],
  ])('%s', async (_, files, problem) => {
    const error = await compile(files).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message).toContain(problem)
  })
})

test('denormals, minus zero and all-zero rows are weights like others', async () => {
  for (const value of [1e-45, -1e-40, -0]) {
    await compile({ ...good, 'model.safetensors': withValue(embedding, 7, value) })
  }
})

test('words that do not fit the manifest are refused before the work', async () => {
  const attempt = compileModel(
    {
      source: memorySource(good),
      sink: { write: () => expect.unreachable() },
      runtime: new Uint8Array(),
      makeLibrary: () => expect.unreachable(),
      hashers: nodeHashers,
      options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id: '../model' } },
    },
    new AbortController().signal,
  )
  await expect(attempt).rejects.toThrow('hearth.json: id: ')
})

test('an aborted compilation ends with the reason and writes no manifest', async () => {
  let writes = 0
  const run = async (abortAt: number) => {
    const controller = new AbortController()
    const sink = memorySink()
    writes = 0
    const compiling = compileModel(
      {
        source: memorySource(good),
        sink: {
          write: async (name, chunk, signal) => {
            if (++writes === abortAt) controller.abort(new Error('enough'))
            await sink.write(name, chunk, signal)
          },
        },
        runtime: new Uint8Array(),
        makeLibrary: noLibrary,
        hashers: nodeHashers,
        options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id: 'test/model' } },
      },
      controller.signal,
    )
    const outcome = await compiling.catch((error: unknown) => error)
    return { outcome, written: sink.files }
  }
  await run(0)
  const all = writes
  for (const abortAt of [1, Math.floor(all / 2), all - 1]) {
    const { outcome, written } = await run(abortAt)
    expect([abortAt, outcome]).toEqual([abortAt, new Error('enough')])
    expect(written.has('hearth.json')).toBe(false)
  }
})
