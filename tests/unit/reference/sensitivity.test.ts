// What the comparisons with the plain forward can see: one part of a spec read wrongly moves the logits beyond their tolerance. So a graph that does so
// cannot pass them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AttentionSpec, DecoderSpec, LayerSpec, MixerSpec } from '../../../shared/compiler/architectures/spec.ts'
import { modelTensors } from '../../../shared/compiler/architectures/tensors.ts'
import { createForward } from '../../reference/forward.ts'
import { tensorsOf } from '../../reference/linear.ts'
import { randomSource } from '../../support/random.ts'
import { randomSpec } from '../../support/randomSpec.ts'
import { drawTensor } from '../../support/randomWeights.ts'

const seed = 20_232
const tolerance = 3e-4
const samples = 40

/** Changes a spec; null where it has nothing to change. */
type Misreading = (spec: DecoderSpec) => DecoderSpec | null

const layers =
  (change: (layer: LayerSpec) => LayerSpec | null): Misreading =>
  (spec) => {
    const changed = spec.layers.map((layer) => change(layer))
    return changed.every((layer) => layer === null)
      ? null
      : { ...spec, layers: changed.map((layer, index) => layer ?? (spec.layers[index] as LayerSpec)) }
  }
const attention = (change: (mixer: AttentionSpec) => Partial<AttentionSpec> | null): Misreading =>
  layers((layer) => {
    const changed = layer.mixer.kind === 'attention' ? change(layer.mixer) : null
    return changed === null ? null : { ...layer, mixer: { ...layer.mixer, ...changed } as MixerSpec }
  })
const whole = (layer: LayerSpec) => layer.feedForward !== null && layer.feedForwardNorm !== null

const misreadings: Readonly<Record<string, Misreading>> = {
  'serial for parallel': layers((layer) =>
    layer.arrangement === 'parallel' ? { ...layer, arrangement: 'serial' } : null,
  ),
  'parallel for serial': layers((layer) =>
    layer.arrangement === 'serial' && whole(layer) ? { ...layer, arrangement: 'parallel' } : null,
  ),
  'serial for postNorm': layers((layer) =>
    layer.arrangement === 'postNorm' ? { ...layer, arrangement: 'serial' } : null,
  ),
  'no residual scale': layers((layer) => (layer.residualScale === 1 ? null : { ...layer, residualScale: 1 })),
  'norm without its weight': layers(({ mixerNorm, ...layer }) =>
    mixerNorm.weight ? { ...layer, mixerNorm: { ...mixerNorm, weight: false } } : null,
  ),
  'norm without its bias': layers(({ mixerNorm, ...layer }) =>
    mixerNorm.bias ? { ...layer, mixerNorm: { ...mixerNorm, bias: false } } : null,
  ),
  'the other kind of norm': layers(({ mixerNorm, ...layer }) => ({
    ...layer,
    mixerNorm: { ...mixerNorm, kind: mixerNorm.kind === 'rms' ? 'layer' : 'rms' },
  })),
  'another scale of scores': attention(({ scale }) => ({ scale: scale * 1.25 })),
  'no rotation': attention(({ rope }) => (rope === null ? null : { rope: null })),
  'the other pairing': attention(({ rope }) =>
    rope === null || rope.size === 2
      ? null
      : { rope: { ...rope, pairing: rope.pairing === 'halves' ? 'neighbours' : 'halves' } },
  ),
  'rotation of two elements more': attention(({ rope, headSize }) =>
    rope === null || rope.size === headSize ? null : { rope: { ...rope, size: rope.size + 2 } },
  ),
  'unscaled rotation': attention(({ rope }) =>
    rope?.scaling.kind === 'linear' ? { rope: { ...rope, scaling: { kind: 'none' } } } : null,
  ),
  'no ALiBi': attention(({ alibiSlopes }) => (alibiSlopes === null ? null : { alibiSlopes: null })),
  'no clip': attention(({ clip }) => (clip === null ? null : { clip: null })),
  'no bias of queries, keys and values': attention(({ qkv }) => (qkv.bias ? { qkv: { ...qkv, bias: false } } : null)),
  'another activation': layers(({ feedForward, ...layer }) =>
    feedForward === null
      ? null
      : { ...layer, feedForward: { ...feedForward, activation: feedForward.activation === 'relu' ? 'silu' : 'relu' } },
  ),
  'tanh for erf': layers(({ feedForward, ...layer }) =>
    feedForward?.activation === 'gelu' ? { ...layer, feedForward: { ...feedForward, activation: 'geluTanh' } } : null,
  ),
  'the gate in the other half': layers(({ feedForward, ...layer }) =>
    feedForward?.kind === 'gated'
      ? { ...layer, feedForward: { ...feedForward, gate: feedForward.gate === 'first' ? 'second' : 'first' } }
      : null,
  ),
  'one expert more': layers(({ feedForward, ...layer }) =>
    feedForward?.kind === 'experts' && feedForward.chosen < feedForward.count
      ? { ...layer, feedForward: { ...feedForward, chosen: feedForward.chosen + 1 } }
      : null,
  ),
  'positions one further on': (spec) => {
    const { positions } = spec.embedding
    if (positions === null) return null
    return { ...spec, embedding: { ...spec.embedding, positions: { ...positions, offset: positions.offset + 1 } } }
  },
  'no norm of the embedding': (spec) =>
    spec.embedding.norm === null ? null : { ...spec, embedding: { ...spec.embedding, norm: null } },
  'no norm before the head': (spec) =>
    spec.head.norm === null ? null : { ...spec, head: { ...spec.head, norm: null } },
  'no bias of the head': (spec) =>
    spec.head.linear.bias ? { ...spec, head: { ...spec.head, linear: { ...spec.head.linear, bias: false } } } : null,
  'no scale of the logits': (spec) => (spec.head.scale === 1 ? null : { ...spec, head: { ...spec.head, scale: 1 } }),
}

console.info(`seed ${seed}`)
const specs = fc.sample(randomSpec({ contextTokens: 32, mixers: [['attention']] }), { numRuns: samples, seed })
const models = specs.map((spec, index) => {
  const next = randomSource(seed + index)
  const tensors = tensorsOf(new Map(modelTensors(spec).map((tensor) => [tensor.name, drawTensor(spec, tensor, next)])))
  const ids = Array.from({ length: 12 }, () => Math.floor(next() * spec.vocabularySize))
  const logits = (read: DecoderSpec) => createForward(read, tensors).feed(ids).at(-1) as Float32Array
  return { spec, logits, right: logits(spec) }
})

test.for(Object.entries(misreadings))('%s shows', ([, misread]) => {
  const shown = models.flatMap(({ spec, logits, right }) => {
    const read = misread(spec)
    if (read === null) return []
    const wrong = logits(read)
    const greatest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return [right.reduce((most, value, id) => Math.max(most, Math.abs(value - (wrong[id] as number))), 0) / greatest]
  })
  // Relative to a largest logit of 10, as the comparisons have it. Some draws hide a part (a single position has nothing to turn by), most must not.
  const seen = shown.filter((error) => 10 * error > tolerance)
  expect(shown.length).toBeGreaterThan(2)
  expect(seen.length, `${shown.map((error) => (10 * error).toExponential(1))}`).toBeGreaterThan(0.7 * shown.length)
})
