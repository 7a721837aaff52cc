// Whole models of random specs, from ids to logits through unmodified web-llm, against the plain forward: every feature that a spec can have, every weight
// format, chunks of random lengths, sliding windows and sinks run past the end of the ring. VITE_SEED draws other models, VITE_RANDOM_MODELS more of them
// (Vite hands variables of this prefix on to browsers).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { DecoderSpec, MixerSpec } from '../../shared/compiler/architectures/spec.ts'
import { type LibraryTarget, weightFormats } from '../../shared/compiler/kernels/target.ts'
import { type Comparison, targetsHere, worstError } from '../support/compareModel.ts'
import { randomSource } from '../support/random.ts'
import { randomSpec } from '../support/randomSpec.ts'

const seed = Number(import.meta.env.VITE_SEED ?? 20_231)
const chunkTokens = 16
const contextTokens = 96

// The tolerance of float32 is the truth table's; float16 products and cache err by about 2^-11 of activations of size 10.
const tolerances: Readonly<Record<LibraryTarget, number>> = { portable: 3e-4, software: 3e-4, half: 0.05 }

interface Family {
  readonly title: string
  readonly specs: fc.Arbitrary<DecoderSpec>
  readonly windows: fc.Arbitrary<Comparison['window']>
  /** Each model is some twenty new kernels to compile. */
  readonly numRuns: number
}

const specs = (...mixers: readonly (readonly MixerSpec['kind'][])[]) => randomSpec({ contextTokens, mixers })
const recurrent = ['mamba', 'hyena'] as const
const families: readonly Family[] = [
  {
    title: 'random transformers',
    specs: fc.oneof(specs(['attention']), specs(['attention'], ['attention'])),
    windows: fc.option(fc.record({ tokens: fc.integer({ min: 9, max: 24 }), sink: fc.integer({ min: 0, max: 4 }) })),
    numRuns: 8,
  },
  // A window is a matter of keys and values alone.
  { title: 'random recurrent models', specs: specs(recurrent), windows: fc.constant(null), numRuns: 3 },
  {
    title: 'random models of recurrent and attending layers',
    specs: specs(['attention'], recurrent),
    windows: fc.constant(null),
    numRuns: 3,
  },
]

test.for(families)('$title give the logits of the plain forward', { timeout: 3_600_000 }, async (family) => {
  const targets = await targetsHere()
  // Two libraries a model, and half a minute to compile each on lavapipe.
  const usualRuns = targets.length === 1 ? family.numRuns : Math.ceil(family.numRuns / 4)
  const numRuns = Number(import.meta.env.VITE_RANDOM_MODELS ?? usualRuns)
  console.info(`VITE_SEED=${seed} VITE_RANDOM_MODELS=${numRuns}`)
  const models = fc.record({
    spec: family.specs,
    format: fc.constantFrom(...weightFormats),
    window: family.windows,
    weightsSeed: fc.nat(2 ** 31 - 1),
  })
  await fc.assert(
    fc.asyncProperty(models, async ({ weightsSeed, ...model }) => {
      for (const target of targets) {
        // In float16 another expert may come out best, with logits that have nothing to do with these.
        if (target === 'half' && model.spec.layers.some(({ feedForward }) => feedForward?.kind === 'experts')) continue
        const error = await worstError({ ...model, target, chunkTokens, next: randomSource(weightsSeed) })
        console.info(`${target} ${model.format} ${error.toExponential(1)}`)
        expect(error, `${target} ${JSON.stringify(model)}`).toBeLessThan(tolerances[target])
      }
    }),
    { seed, numRuns, endOnFailure: true },
  )
})

// Beyond 256 keys a token's attention is split over workgroups and merged.
for (const window of [null, { tokens: 300, sink: 3 }]) {
  test(`attention split over workgroups gives the logits of the plain forward${window === null ? '' : ', in a sliding window too'}`, async () => {
    for (const target of await targetsHere()) {
      const error = await worstError({
        spec: llamaSpec({ hidden: 48, size: 64, heads: 4, kvHeads: 2, headSize: 16, vocabulary: 90, context: 640 }),
        format: 'q4f32_1',
        target,
        chunkTokens: 128,
        next: randomSource(seed),
        window,
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
    // Storage is the same for every target: one is enough.
    const [target = 'portable'] = await targetsHere()
    const error = await worstError({
      spec: llamaSpec({ hidden: 32, size: 36, heads: 1, kvHeads: 1, headSize: 32, vocabulary: 91, context: 96 }),
      format,
      target,
      chunkTokens,
      next: randomSource(seed),
      window: null,
      style: 'mlc',
    })
    expect(error, target).toBeLessThan(tolerances[target])
  }, 300_000)
}

interface LlamaShape {
  readonly hidden: number
  readonly size: number
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
  readonly vocabulary: number
  readonly context: number
}

/** One layer, a head of its own and biases everywhere. */
function llamaSpec(shape: LlamaShape): DecoderSpec {
  return llama.spec({
    model_type: 'llama',
    hidden_size: shape.hidden,
    intermediate_size: shape.size,
    num_hidden_layers: 1,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.headSize,
    vocab_size: shape.vocabulary,
    max_position_embeddings: shape.context,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false,
    attention_bias: true,
    mlp_bias: true,
    bos_token_id: 1,
    eos_token_id: 2,
  })
}
