// Fit before the download: against what the runtime allocates, and against arithmetic by hand.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { configOf, variantNamed } from '../../../shared/catalog/catalog.ts'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { parameterBytes } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { bytesPerToken, memoryAt, needsOfConfig, speedAt } from '../../../shared/fit/needs.ts'
import { judgeFit, type Machine } from '../../../shared/fit/verdict.ts'
import { asObject } from '../../support/hostValues.ts'
import { loadLibrary } from '../../support/loadedLibrary.ts'
import { readRuntime } from '../../support/runtime.ts'

const runtime = await readRuntime()
const format = 'q4f16_1'
const bundled = JSON.parse(
  await readFile(new URL('../../../resources/models/tinystories-15m/config.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, unknown>>
const likeLlama = {
  hidden_act: 'silu',
  hidden_size: 512,
  intermediate_size: 1408,
  num_attention_heads: 8,
  num_hidden_layers: 6,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: false,
  vocab_size: 8000,
}
const models = [
  { name: 'the bundled model', config: bundled, contextTokens: 256 },
  {
    name: 'experts',
    config: {
      ...likeLlama,
      model_type: 'mixtral',
      num_local_experts: 4,
      num_experts_per_tok: 2,
      max_position_embeddings: 2048,
    },
    contextTokens: 1024,
  },
  {
    name: 'a sliding window',
    config: { ...likeLlama, model_type: 'mistral', sliding_window: 768, max_position_embeddings: 4096 },
    contextTokens: 4096,
  },
] as const

for (const { name, config, contextTokens } of models) {
  test.for(libraryTargets)(`memory of ${name} for %s is what the runtime allocates, within 10 %`, async (target) => {
    const architecture = requireArchitecture(config)
    const spec = architecture.spec(config)
    const rules = architecture.weights(spec)
    const chunkTokens = Math.min(512, contextTokens)
    const { bytes } = makeLibrary(runtime, { spec, rules, format, target, chunkTokens, contextTokens })
    const params = parametersOfModel(rules, format).map(
      (param) => [param.name, new Uint8Array(parameterBytes(param))] as const,
    )
    const library = await loadLibrary(new Uint8Array(bytes), new Map(params))
    const window = spec.slidingWindowTokens
    const { host, vm } = library
    const state = library.createState(window ?? contextTokens, chunkTokens, window !== null)
    // One turn as web-llm takes it: a prompt of nearly a chunk, then a token.
    for (const tokens of [chunkTokens - 1, 1]) {
      const ids = host.makeTensor('webgpu', 'int32', [tokens])
      const embedded = asObject(vm('embed', ids, library.params))
      const x = host.view(embedded, [1, tokens, spec.hiddenSize])
      library.begin(state, tokens)
      host.release(vm(tokens === 1 ? 'decode' : 'prefill', x, state, library.params))
      host.global('vm.builtin.kv_state_end_forward', state)
      for (const object of [ids, embedded, x]) host.release(object)
    }
    const allocated = [...host.buffers.keys()].reduce((sum, id) => sum + (host.allocations[id - 1] ?? 0), 0)
    const predicted = memoryAt(needsOfConfig(config, { format, target }), contextTokens)
    console.info(`${name}, ${target}: predicted ${predicted.totalBytes}, allocated ${allocated}`)
    expect(predicted.totalBytes / allocated).toBeGreaterThan(0.9)
    expect(predicted.totalBytes / allocated).toBeLessThan(1.1)
    // The largest of up to 1 MiB is rounded up to its class.
    const largest = Math.max(...host.allocations)
    expect(largest / predicted.largestBuffer.sizeBytes).toBeLessThan(1.25)
    expect(largest / predicted.largestBuffer.sizeBytes).toBeGreaterThanOrEqual(1)
  })
}

test('weights of the bundled model are its file, but for alignment', async () => {
  const file = await readFile(
    new URL('../../../resources/models/tinystories-15m/base/params_shard_0.bin', import.meta.url),
  )
  expect(needsOfConfig(bundled, { format, target: 'half' }).weightsBytes).toBe(file.length)
})

// By hand: 18 bytes for 32 values of a matrix, 2 for a value of a norm; keys and values of 2 bytes.
const perValue = 18 / 32
test.for([
  {
    id: 'llama-7b',
    matrices: 2 * 32_000 * 4096 + 32 * (4 * 4096 ** 2 + 3 * 4096 * 11_008),
    norms: 65 * 4096,
    cacheBytesPerToken: 2 * 32 * 4096 * 2,
    unread: 32_000 * 4096,
  },
  {
    id: 'llama-13b',
    matrices: 2 * 32_000 * 5120 + 40 * (4 * 5120 ** 2 + 3 * 5120 * 13_824),
    norms: 81 * 5120,
    cacheBytesPerToken: 2 * 40 * 5120 * 2,
    unread: 32_000 * 5120,
  },
  {
    // 8 heads of keys and values for 64 of queries.
    id: 'llama-2-70b-hf',
    matrices: 2 * 32_000 * 8192 + 80 * (2 * 8192 ** 2 + 2 * 8192 * 1024 + 3 * 8192 * 28_672),
    norms: 161 * 8192,
    cacheBytesPerToken: 2 * 80 * 1024 * 2,
    unread: 32_000 * 8192,
  },
  {
    // A token reads two of eight experts; the router stays in float16.
    id: 'mixtral-8x7b-v0.1',
    matrices: 2 * 32_000 * 4096 + 32 * (2 * 4096 ** 2 + 2 * 4096 * 1024 + 8 * 3 * 4096 * 14_336),
    norms: 65 * 4096 + 32 * 8 * 4096,
    cacheBytesPerToken: 2 * 32 * 1024 * 2,
    unread: 32_000 * 4096 + 32 * 6 * 3 * 4096 * 14_336,
  },
  {
    // The head is the embedding's table, so all of it is read; two norms with biases per layer.
    id: 'falcon-180b',
    matrices: 65_024 * 14_848 + 80 * (2 * 14_848 ** 2 + 2 * 14_848 * 512 + 8 * 14_848 ** 2),
    norms: (2 * 2 * 80 + 2) * 14_848,
    cacheBytesPerToken: 2 * 80 * 512 * 2,
    unread: 0,
  },
])('$id is the arithmetic of its shapes', ({ id, matrices, norms, cacheBytesPerToken, unread }) => {
  const needs = needsOf(id)
  const memory = memoryAt(needs, 2048)
  expect(memory.weightsBytes).toBe(matrices * perValue + norms * 2)
  expect(memory.cacheBytes).toBe(2048 * cacheBytesPerToken)
  expect(memory.workingBytes).toBeLessThan(300e6)
  expect(bytesPerToken(needs, 99)).toBe((matrices - unread) * perValue + norms * 2 + 100 * cacheBytesPerToken)
  expect(speedAt(needs, 99, 1e11)).toBe(1e11 / bytesPerToken(needs, 99))
})

test('a recurrent model takes the same memory and speed however much it has read', () => {
  const needs = needsOf('mamba-130m')
  expect(bytesPerToken(needs, 0)).toBe(bytesPerToken(needs, 100_000))
  expect(memoryAt(needs, 2048).cacheBytes).toBe(memoryAt(needs, 1024).cacheBytes)
})

test('beyond its window a model reads no more', () => {
  const needs = needsOf('mistral-7b-v0.1')
  expect(bytesPerToken(needs, 4095)).toBe(bytesPerToken(needs, 30_000))
  expect(bytesPerToken(needs, 4000)).toBeLessThan(bytesPerToken(needs, 4095))
})

const machine: Machine = {
  target: 'half',
  memoryBytes: 8e9,
  largestBufferBytes: 2 ** 31,
  bandwidthBytesPerSecond: 100e9,
}

test('a verdict has the numbers: fits, fits with a smaller context, does not fit', () => {
  const needs = needsOf('llama-2-7b-hf')
  expect(judgeFit(needs, machine)).toEqual({
    kind: 'fits',
    contextTokens: 4096,
    memory: memoryAt(needs, 4096),
    speedTokensPerSecond: speedAt(needs, 0, 100e9),
  })
  const tight = judgeFit(needs, { ...machine, memoryBytes: 5e9, bandwidthBytesPerSecond: null })
  if (tight.kind !== 'fits-with-smaller-context') throw new Error(tight.kind)
  expect(tight).toMatchObject({ wantedContextTokens: 4096, speedTokensPerSecond: null })
  expect(tight.contextTokens % 256).toBe(0)
  expect(tight.memory.totalBytes).toBeLessThanOrEqual(5e9)
  // The next step would not fit.
  expect(memoryAt(needs, tight.contextTokens + 256).totalBytes).toBeGreaterThan(5e9)
  expect(judgeFit(needs, { ...machine, memoryBytes: 3e9 })).toMatchObject({
    kind: 'does-not-fit',
    problem: { kind: 'memory', needBytes: memoryAt(needs, 512).totalBytes, haveBytes: 3e9 },
  })
})

test('a weight beyond the largest buffer of an adapter is named', () => {
  const verdict = judgeFit(needsOf('bloom-560m'), { ...machine, largestBufferBytes: 128 * 10 ** 6 })
  expect(verdict).toMatchObject({
    kind: 'does-not-fit',
    problem: {
      kind: 'buffer',
      buffer: { name: 'transformer.word_embeddings.q_weight', sizeBytes: 250_880 * 1024 * 0.5 },
      haveBytes: 128 * 10 ** 6,
    },
  })
})

test('a cache beyond the largest buffer is cured by a smaller context', () => {
  const needs = needsOf('llama-2-7b-hf')
  // Keys of one layer at 4096 tokens take 32 MiB in float16 and 64 MiB in float32: the portable library meets the limit first.
  const portable = needsOfConfig(configOf(required('llama-2-7b-hf')), { format, target: 'portable' })
  const limits = { ...machine, memoryBytes: 64e9, largestBufferBytes: 66_000_000 }
  expect(judgeFit(needs, limits).kind).toBe('fits')
  const verdict = judgeFit(portable, { ...limits, target: 'portable' })
  if (verdict.kind !== 'fits-with-smaller-context') throw new Error(verdict.kind)
  expect(verdict.contextTokens).toBeGreaterThanOrEqual(3840)
  expect(verdict.wantedMemory.largestBuffer.name).toMatch(/^cache\./)
})

function required(id: string) {
  const variant = variantNamed(id)
  if (variant === undefined) throw new Error(`${id} is not in the catalogue`)
  return variant
}

function needsOf(id: string) {
  return needsOfConfig(configOf(required(id)), { format, target: 'half' })
}

test('of learned positions a token reads one row', () => {
  const gpt2 = { model_type: 'gpt2', n_embd: 64, n_head: 4, n_layer: 1, vocab_size: 96 }
  const short = needsOfConfig({ ...gpt2, n_positions: 128 }, { format: 'q4f16_1', target: 'portable' })
  const long = needsOfConfig({ ...gpt2, n_positions: 1024 }, { format: 'q4f16_1', target: 'portable' })
  expect(long.weightsBytes - short.weightsBytes).toBe((1024 - 128) * 64 * 2)
  expect(long.weightsBytesPerToken).toBe(short.weightsBytesPerToken)
})
