// Whole models of random shapes, from ids to logits through unmodified web-llm, against the plain forward: every feature of the spec, every weight format,
// chunks of random lengths, sliding windows and sinks run past the end of the ring.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import { type LibraryTarget, type WeightFormat, weightFormats } from '../../shared/compiler/kernels/target.ts'
import { createForward } from '../reference/forward.ts'
import { requestTestDevice } from '../support/device.ts'
import { randomSource } from '../support/random.ts'
import { readRuntime } from '../support/runtime.ts'
import { syntheticModel } from '../support/syntheticModel.ts'
import { loadEngine, recordLogits } from '../support/webLlm.ts'

const seed = 20_231
const chunkTokens = 16
const randomContextTokens = 96
const runtime = await readRuntime()

interface ModelShape {
  readonly format: WeightFormat
  readonly hidden: number
  readonly intermediate: number
  readonly kvHeads: number
  readonly group: number
  readonly headSize: number
  readonly vocabulary: number
  readonly tied: boolean
  readonly biased: boolean
  /** Window and sink in tokens; null for full attention. */
  readonly window: { readonly tokens: number; readonly sink: number } | null
}

const quarter = (most: number) => fc.integer({ min: 2, max: most / 4 }).map((value) => value * 4)
const shapes: fc.Arbitrary<ModelShape> = fc.record({
  format: fc.constantFrom(...weightFormats),
  hidden: quarter(160),
  intermediate: quarter(200),
  kvHeads: fc.integer({ min: 1, max: 3 }),
  group: fc.constantFrom(1, 2, 4),
  headSize: fc.constantFrom(4, 12, 20, 32, 48, 64),
  vocabulary: fc.integer({ min: 70, max: 400 }),
  tied: fc.boolean(),
  biased: fc.boolean(),
  window: fc.option(fc.record({ tokens: fc.integer({ min: 9, max: 24 }), sink: fc.integer({ min: 0, max: 4 }) })),
})

// The tolerance of float32 is the truth table's; float16 products and cache err by about 2^-11 of activations of size 10.
const tolerances: Readonly<Record<LibraryTarget, number>> = { portable: 3e-4, software: 3e-4, half: 0.05 }

test('random models give the logits of the plain forward', async () => {
  console.info(`seed ${seed}`)
  const targets = await targetsHere()
  await fc.assert(
    fc.asyncProperty(shapes, fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (shape, weightsSeed) => {
      for (const target of targets) {
        const context = { contextTokens: randomContextTokens, chunkTokens, layers: 2 }
        const error = await worstError(shape, target, randomSource(weightsSeed), context)
        expect(error, `${target} ${JSON.stringify(shape)}`).toBeLessThan(tolerances[target])
      }
    }),
    // Each shape is some twenty new kernels to compile, ten seconds on lavapipe.
    { seed, numRuns: targets.length === 1 ? 8 : 4, endOnFailure: true },
  )
}, 600_000)

// Beyond 256 keys a token's attention is split over workgroups and merged.
for (const window of [null, { tokens: 300, sink: 3 }]) {
  test(`attention split over workgroups gives the logits of the plain forward${window === null ? '' : ', in a sliding window too'}`, async () => {
    const shape: ModelShape = {
      format: 'q4f32_1',
      hidden: 48,
      intermediate: 64,
      kvHeads: 2,
      group: 2,
      headSize: 16,
      vocabulary: 90,
      tied: true,
      biased: false,
      window,
    }
    for (const target of await targetsHere()) {
      const error = await worstError(shape, target, randomSource(seed), {
        contextTokens: 640,
        chunkTokens: 128,
        layers: 1,
        // Up to the border in chunks, over it and on token by token.
        lengths: [128, 120, ...Array.from({ length: 20 }, () => 1), 128, 128, 1, 1, 64, 1],
      })
      expect(error, target).toBeLessThan(tolerances[target])
    }
  }, 300_000)
}

// Odd rows of odd groups: float16 scales whose bytes are no multiple of 4, and float32 stored as bfloat16, which web-llm decodes through the runtime.
for (const format of ['q4f16_1', 'q4f32_1'] as const) {
  test(`weights stored as MLC publishes them run on our library: ${format}`, async () => {
    const shape: ModelShape = {
      format,
      hidden: 32,
      intermediate: 36,
      kvHeads: 1,
      group: 1,
      headSize: 32,
      vocabulary: 91,
      tied: false,
      biased: true,
      window: null,
    }
    // Storage is the same for every target: one is enough.
    const [target = 'portable'] = await targetsHere()
    const context = { contextTokens: randomContextTokens, chunkTokens, layers: 1, style: 'mlc' } as const
    expect(await worstError(shape, target, randomSource(seed), context), target).toBeLessThan(tolerances[target])
  }, 300_000)
}

/** Everything on a GPU. Of the software adapters SwiftShader (in browsers) takes a minute to compile kernels with barriers and runs what is made for it. */
async function targetsHere(): Promise<readonly LibraryTarget[]> {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const { adapterInfo } = device
  const half = device.features.has('shader-f16')
  device.destroy()
  if (/swiftshader/i.test(`${adapterInfo.architecture} ${adapterInfo.description}`)) return ['software']
  if (!half) console.info('half library not run: the adapter has no shader-f16')
  return half ? ['portable', 'half'] : ['portable']
}

interface Context {
  readonly contextTokens: number
  readonly chunkTokens: number
  readonly layers: number
  readonly style?: 'hearth' | 'mlc'
  /** Tokens fed at a time; drawn where left out. */
  readonly lengths?: readonly number[]
}

async function worstError(
  shape: ModelShape,
  target: LibraryTarget,
  next: () => number,
  { contextTokens, chunkTokens, layers, lengths, style = 'hearth' }: Context,
): Promise<number> {
  const spec = llama.spec({
    model_type: 'llama',
    hidden_size: shape.hidden,
    intermediate_size: shape.intermediate,
    num_hidden_layers: layers,
    num_attention_heads: shape.kvHeads * shape.group,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headSize,
    vocab_size: shape.vocabulary,
    max_position_embeddings: contextTokens,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: shape.tied,
    attention_bias: shape.biased,
    mlp_bias: shape.biased,
    bos_token_id: 1,
    eos_token_id: 2,
  })
  const rules = llama.weights(spec)
  const model = syntheticModel({ spec, rules, format: shape.format, chunkTokens, next, runtime, style })
  const { processor, logits } = recordLogits()
  const { window } = shape
  const engine = await loadEngine({
    files: model.files,
    library: model.library(target),
    logitProcessor: processor,
    ...(window === null
      ? {}
      : { options: { context_window_size: -1, sliding_window_size: window.tokens, attention_sink_size: window.sink } }),
  })
  const forward = createForward(
    { ...spec, slidingWindowTokens: window?.tokens ?? null },
    model.tensors,
    window === null ? {} : { sinkTokens: window.sink },
  )
  let worst = 0
  for (const length of lengths ?? drawnLengths(contextTokens - chunkTokens, chunkTokens, next)) {
    const ids = Array.from({ length }, () => Math.floor(next() * shape.vocabulary))
    await engine.forwardTokensAndSample(ids, true)
    const wanted = forward.feed(ids).at(-1) ?? new Float32Array()
    const got = logits.at(-1) ?? new Float32Array()
    expect(got.length).toBe(wanted.length)
    worst = got.reduce((most, value, id) => Math.max(most, Math.abs(value - (wanted[id] ?? Number.NaN))), worst)
  }
  await engine.unload()
  return worst
}

/** Lengths of 1 to `most` that sum up to `total` or a little more. */
function drawnLengths(total: number, most: number, next: () => number): readonly number[] {
  const lengths: number[] = []
  for (let sum = 0; sum < total; sum += lengths.at(-1) ?? 0) lengths.push(1 + Math.floor(next() * most))
  return lengths
}
