// Random decoders as arbitraries of fast-check: every arrangement, norm, position, activation, feed-forward and bias that DecoderSpec can say, in sizes that
// a test can compute, tensors named as MLC names Llama's.
import fc from 'fast-check'
import type {
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  MixerSpec,
  NormSpec,
} from '../../shared/compiler/architectures/spec.ts'
import { type Named, randomMixer } from './randomMixer.ts'

export interface RandomSpecOptions {
  readonly contextTokens: number
  /** A form of layer is drawn for each list, its mixer of a kind in the list; every form is used. */
  readonly mixers: readonly (readonly MixerSpec['kind'][])[]
}

const arrangements = ['serial', 'parallel', 'postNorm', 'normedResidual'] as const
const feedForwards = ['plain', 'gated', 'experts'] as const
const activations = ['silu', 'relu', 'gelu', 'geluTanh'] as const

export function randomSpec(options: RandomSpecOptions): fc.Arbitrary<DecoderSpec> {
  return quarters(8, 160).chain((hiddenSize) =>
    fc
      .record({
        vocabularySize: fc.integer({ min: 70, max: 400 }),
        table: embeddings(hiddenSize, options.contextTokens),
        forms: fc.tuple(...options.mixers.map(layerForms)),
        layers: fc.integer({ min: options.mixers.length, max: 4 }),
        norm: norms,
        normed: often,
        tied: fc.boolean(),
        bias: fc.boolean(),
        scale: fc.constantFrom(1, 0.25, 1.5),
      })
      .map(({ vocabularySize, table, forms, layers, norm, normed, tied, bias, scale }): DecoderSpec => {
        const { embedding, headProjection } = table
        return {
          modelType: 'random',
          hiddenSize,
          vocabularySize,
          contextTokens: options.contextTokens,
          slidingWindowTokens: null,
          embedding,
          layers: Array.from({ length: layers }, (_, index) => forms[index % forms.length]).flatMap(
            (form, index) => form?.(`model.layers.${index}`) ?? [],
          ),
          head: {
            norm: normed ? norm('model.norm') : null,
            projection: headProjection,
            tied,
            linear: tied ? { name: embedding.name, bias: false } : { name: 'lm_head', bias },
            scale,
          },
          bosTokenId: 1,
          eosTokenIds: [2],
        }
      }),
  )
}

function quarters(least: number, most: number): fc.Arbitrary<number> {
  return fc.integer({ min: least / 4, max: most / 4 }).map((value) => value * 4)
}

/** True three times in four. */
const often = fc.nat(3).map((drawn) => drawn > 0)

const norms: fc.Arbitrary<Named<NormSpec>> = fc
  .record({
    kind: fc.constantFrom('rms', 'layer'),
    epsilon: fc.constantFrom(1e-6, 1e-5, 1e-3),
    outside: fc.boolean(),
    weight: often,
    bias: fc.boolean(),
  })
  .map(({ kind, epsilon, outside, weight, bias }) => (name) => ({
    kind,
    name,
    epsilon,
    epsilonOutsideRoot: kind === 'rms' && outside,
    weight,
    bias,
  }))

interface RandomEmbedding {
  readonly embedding: DecoderSpec['embedding']
  readonly headProjection: DecoderSpec['head']['projection']
}

/** A table of another width than the model's is projected on its way in, and the head's input on its way out. */
function embeddings(hiddenSize: number, contextTokens: number): fc.Arbitrary<RandomEmbedding> {
  return fc
    .record({
      size: fc.oneof({ weight: 3, arbitrary: fc.constant(hiddenSize) }, { weight: 1, arbitrary: quarters(8, 160) }),
      biases: fc.tuple(fc.boolean(), fc.boolean()),
      // Enough for the context, and rows behind it that nobody reads.
      positions: fc.option(
        fc.record({ rows: fc.integer({ min: contextTokens + 2, max: contextTokens + 4 }), offset: fc.nat(2) }),
      ),
      norm: fc.option(norms),
    })
    .map(({ size, biases, positions, norm }) => {
      const projection = (name: string, bias: boolean) => (size === hiddenSize ? null : { name, bias })
      return {
        embedding: {
          name: 'model.embed_tokens',
          size,
          projection: projection('model.project_in', biases[0]),
          positions: positions === null ? null : { name: 'model.embed_positions', ...positions },
          norm: norm?.('model.embed_norm') ?? null,
        },
        headProjection: projection('model.project_out', biases[1]),
      }
    })
}

function layerForms(mixers: readonly MixerSpec['kind'][]): fc.Arbitrary<Named<LayerSpec>> {
  const mixer = fc.constantFrom(...mixers).chain(randomMixer)
  return fc
    .record({
      arrangement: fc.constantFrom(...arrangements),
      scale: fc.constantFrom(2, 7.5),
      mixerNorm: norms,
      feedForwardNorm: norms,
      sharesNorm: fc.boolean(),
      mixer,
      feedForward: feedForwardForms,
      isMixerAlone: fc.boolean(),
    })
    .map(({ arrangement, scale, mixerNorm, feedForwardNorm, sharesNorm, mixer, feedForward, isMixerAlone }) => (at) => {
      const first = mixerNorm(`${at}.input_layernorm`)
      const mixed = mixer(`${at}.mixer`)
      // As in Mamba, whose layers have no second half.
      if (mixed.kind === 'mamba' && isMixerAlone)
        return {
          arrangement: 'serial',
          residualScale: 1,
          mixerNorm: first,
          mixer: mixed,
          feedForwardNorm: null,
          feedForward: null,
        }
      const shares = sharesNorm && arrangement === 'parallel'
      return {
        arrangement,
        residualScale: arrangement === 'normedResidual' ? scale : 1,
        mixerNorm: first,
        mixer: mixed,
        feedForwardNorm: shares ? first : feedForwardNorm(`${at}.post_attention_layernorm`),
        feedForward: feedForward(`${at}.mlp`),
      }
    })
}

const feedForwardForms: fc.Arbitrary<Named<FeedForwardSpec>> = fc
  .record({
    kind: fc.constantFrom(...feedForwards),
    size: quarters(8, 200),
    activation: fc.constantFrom(...activations),
    gate: fc.constantFrom('first', 'second'),
    biases: fc.tuple(fc.boolean(), fc.boolean()),
    count: fc.integer({ min: 2, max: 8 }),
    chosen: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kind, size, activation, gate, biases, count, chosen }) => (name) => {
    const linear = (part: string, bias: boolean) => ({ name: `${name}.${part}`, bias })
    const down = linear('down_proj', biases[1])
    switch (kind) {
      case 'plain':
        return { kind, size, activation, up: linear('up_proj', biases[0]), down }
      case 'gated':
        return { kind, size, activation, gate, gateUp: linear('gate_up_proj', biases[0]), down }
      case 'experts': {
        const names = { router: `${name}.gate`, gateUp: `${name}.e1_e3`, down: `${name}.e2` }
        return { kind, size, activation, count, chosen: Math.min(chosen, count), ...names }
      }
      default:
        return kind satisfies never
    }
  })
