// Random mixers of a layer, each kind that MixerSpec knows.
import fc from 'fast-check'
import type {
  AttentionSpec,
  HyenaSpec,
  MambaSpec,
  MixerSpec,
  RopeSpec,
} from '../../shared/compiler/architectures/spec.ts'
import { roundToBfloat16 } from '../../shared/compiler/checkpoint/float16.ts'

/** A part of a spec before its place in the model, and with it its names, is known. */
export type Named<T> = (name: string) => T

/** Those of published models, and small ones that fill no vector or workgroup. */
const headSizes = [4, 8, 12, 20, 32, 48, 64, 80, 96, 112, 128, 256] as const

export function randomMixer(kind: MixerSpec['kind']): fc.Arbitrary<Named<MixerSpec>> {
  switch (kind) {
    case 'attention':
      return attentions
    case 'mamba':
      return mambas
    case 'hyena':
      return hyenas
    default:
      return kind satisfies never
  }
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
    scaling: fc.constantFrom<RopeSpec['scaling']>(
      { kind: 'none' },
      { kind: 'llama3', factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextTokens: 32 },
      { kind: 'linear', factor: 4 },
    ),
  })
}

/** At most twelve heads. */
const attentions: fc.Arbitrary<Named<AttentionSpec>> = fc
  .record({
    kvHeads: fc.integer({ min: 1, max: 12 }),
    headSize: fc.constantFrom(...headSizes),
    scale: fc.constantFrom(1, 1, 0.5, 1.5),
    clip: fc.option(fc.constantFrom(0.5, 2)),
    biases: fc.tuple(fc.boolean(), fc.boolean()),
    places: fc.constantFrom('rope', 'rope', 'alibi', 'rounded', 'both', 'none'),
  })
  .chain(({ kvHeads, headSize, scale, clip, biases, places }) =>
    fc
      .record({
        group: fc.integer({ min: 1, max: Math.floor(12 / kvHeads) }),
        rope: ropes(headSize),
        slopes: fc.array(fc.double({ min: 0.002, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
      })
      .map(({ group, rope, slopes }) => (at: string) => ({
        kind: 'attention' as const,
        heads: kvHeads * group,
        kvHeads,
        headSize,
        qkv: { name: `${at}.qkv_proj`, bias: biases[0] },
        output: { name: `${at}.o_proj`, bias: biases[1] },
        scale: scale / Math.sqrt(headSize),
        rope: places === 'rope' || places === 'both' ? rope : null,
        alibiSlopes: slopesOf(places, slopes.slice(0, kvHeads * group)),
        alibiRounding: places === 'rounded' ? ('bfloat16' as const) : ('none' as const),
        clip,
      })),
  )

function slopesOf(places: string, slopes: readonly number[]): readonly number[] | null {
  if (places === 'rounded') return slopes.map(roundToBfloat16)
  return places === 'alibi' || places === 'both' ? slopes : null
}

const mambas: fc.Arbitrary<Named<MambaSpec>> = fc
  .record({
    innerSize: fc.integer({ min: 2, max: 60 }).map((value) => 4 * value),
    stateSize: fc.integer({ min: 1, max: 20 }),
    convolutionSize: fc.integer({ min: 2, max: 5 }),
    // At a multiple of 32 the projection is quantized.
    timeStepRank: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(32, 64)),
    biases: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  })
  .map(({ biases, ...sizes }) => (at) => ({
    kind: 'mamba',
    ...sizes,
    inProjection: { name: `${at}.in_proj`, bias: biases[0] },
    convolution: { name: `${at}.conv1d`, bias: biases[1] },
    xProjection: { name: `${at}.x_proj`, bias: false },
    timeStepProjection: { name: `${at}.dt_proj`, bias: true },
    logA: `${at}.A_log`,
    skip: `${at}.D`,
    output: { name: `${at}.out_proj`, bias: biases[2] },
  }))

const hyenas: fc.Arbitrary<Named<HyenaSpec>> = fc
  .record({
    stateSize: fc.integer({ min: 1, max: 10 }),
    shortFilterSize: fc.integer({ min: 2, max: 4 }),
    biases: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  })
  .map(({ biases, ...sizes }) => (at) => ({
    kind: 'hyena',
    ...sizes,
    storedGroups: 1,
    projection: { name: `${at}.projections`, bias: biases[0] },
    shortFilterWeight: `${at}.short_filter_weight`,
    shortFilterBias: biases[1] ? `${at}.short_filter.bias` : null,
    poles: `${at}.poles`,
    residues: `${at}.residues`,
    skip: `${at}.D`,
    output: { name: `${at}.out_filter_dense`, bias: biases[2] },
  }))
