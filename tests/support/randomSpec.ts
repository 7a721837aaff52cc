// Random decoders as arbitraries of fast-check: every arrangement, norm, position, activation, feed-forward and bias that DecoderSpec can say, in sizes that
// a test can compute, tensors named as MLC names Llama's.
import fc from 'fast-check'
import type {
  AttentionSpec,
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  NormSpec,
  RopeSpec,
} from '../../shared/compiler/architectures/spec.ts'

/** The kinds of parts that may be drawn; all of them unless given. */
export interface RandomSpecOptions {
  readonly contextTokens: number
  readonly arrangements?: readonly LayerSpec['arrangement'][]
  readonly feedForwards?: readonly FeedForwardSpec['kind'][]
  readonly headSizes?: readonly number[]
  readonly layers?: { readonly min: number; readonly max: number }
}

/** A part of a spec before its place in the model, and with it its names, is known. */
type Named<T> = (name: string) => T

const arrangements = ['serial', 'parallel', 'postNorm', 'normedResidual'] as const
const feedForwards = ['plain', 'gated', 'experts'] as const
const activations = ['silu', 'relu', 'gelu', 'geluTanh'] as const
/** Those of published models, and small ones that fill no vector or workgroup. */
const allHeadSizes = [4, 8, 12, 20, 32, 48, 64, 80, 96, 112, 128, 256] as const

export function randomSpec(options: RandomSpecOptions): fc.Arbitrary<DecoderSpec> {
  return quarters(8, 160).chain((hiddenSize) =>
    fc
      .record({
        vocabularySize: fc.integer({ min: 70, max: 400 }),
        table: embeddings(hiddenSize, options.contextTokens),
        forms: fc.array(layerForms(options), { minLength: 1, maxLength: 2 }),
        pattern: fc.array(fc.nat(1), { minLength: options.layers?.min ?? 1, maxLength: options.layers?.max ?? 4 }),
        norm: norms,
        normed: often,
        tied: fc.boolean(),
        bias: fc.boolean(),
        scale: fc.constantFrom(1, 0.25, 1.5),
      })
      .map(({ vocabularySize, table, forms, pattern, norm, normed, tied, bias, scale }): DecoderSpec => {
        const { embedding, headProjection } = table
        return {
          modelType: 'random',
          hiddenSize,
          vocabularySize,
          contextTokens: options.contextTokens,
          slidingWindowTokens: null,
          embedding,
          layers: pattern.flatMap((form, index) => forms[form % forms.length]?.(`model.layers.${index}`) ?? []),
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

function layerForms(options: RandomSpecOptions): fc.Arbitrary<Named<LayerSpec>> {
  return fc
    .record({
      arrangement: fc.constantFrom(...(options.arrangements ?? arrangements)),
      scale: fc.constantFrom(2, 7.5),
      mixerNorm: norms,
      feedForwardNorm: norms,
      sharesNorm: fc.boolean(),
      mixer: attentions(options.headSizes ?? allHeadSizes),
      feedForward: feedForwardForms(options.feedForwards ?? feedForwards),
    })
    .map(({ arrangement, scale, mixerNorm, feedForwardNorm, sharesNorm, mixer, feedForward }) => (at) => {
      const first = mixerNorm(`${at}.input_layernorm`)
      const shares = sharesNorm && arrangement === 'parallel'
      return {
        arrangement,
        residualScale: arrangement === 'normedResidual' ? scale : 1,
        mixerNorm: first,
        mixer: mixer(`${at}.self_attn`),
        feedForwardNorm: shares ? first : feedForwardNorm(`${at}.post_attention_layernorm`),
        feedForward: feedForward(`${at}.mlp`),
      }
    })
}

function attentions(headSizes: readonly number[]): fc.Arbitrary<Named<AttentionSpec>> {
  return fc
    .record({
      kvHeads: fc.integer({ min: 1, max: 12 }),
      headSize: fc.constantFrom(...headSizes),
      scale: fc.constantFrom(1, 1, 0.5, 1.5),
      clip: fc.option(fc.constantFrom(0.5, 2)),
      biases: fc.tuple(fc.boolean(), fc.boolean()),
      places: fc.constantFrom('rope', 'rope', 'alibi', 'both', 'none'),
    })
    .chain(({ kvHeads, headSize, scale, clip, biases, places }) =>
      fc
        .record({
          group: fc.integer({ min: 1, max: Math.floor(12 / kvHeads) }),
          rope: ropes(headSize),
          slopes: fc.array(fc.double({ min: 0.002, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        })
        .map(({ group, rope, slopes }) => (name: string) => ({
          kind: 'attention' as const,
          heads: kvHeads * group,
          kvHeads,
          headSize,
          qkv: { name: `${name}.qkv_proj`, bias: biases[0] },
          output: { name: `${name}.o_proj`, bias: biases[1] },
          scale: scale / Math.sqrt(headSize),
          rope: places === 'rope' || places === 'both' ? rope : null,
          alibiSlopes: places === 'alibi' || places === 'both' ? slopes.slice(0, kvHeads * group) : null,
          clip,
        })),
    )
}

/** Whole heads and parts of them. */
function ropes(headSize: number): fc.Arbitrary<RopeSpec> {
  return fc.record({
    theta: fc.constantFrom(100, 10_000, 1e6),
    size: fc.oneof(
      fc.constant(headSize),
      fc.integer({ min: 1, max: headSize / 2 }).map((pairs) => 2 * pairs),
    ),
    pairing: fc.constantFrom('halves', 'neighbours'),
    scaling: fc.constantFrom<RopeSpec['scaling']>({ kind: 'none' }, { kind: 'none' }, { kind: 'linear', factor: 4 }),
  })
}

function feedForwardForms(kinds: readonly FeedForwardSpec['kind'][]): fc.Arbitrary<Named<FeedForwardSpec>> {
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
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
}
