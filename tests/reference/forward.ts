// Every decoder's forward in plain code, read off DecoderSpec's definitions: the oracle for everything faster. Layer by layer over the
// tokens fed together, whose norms, products and feed-forwards know nothing of each other; tensors under the names that the spec gives them. After karpathy/llama2.c run.c in spirit.
import type { DecoderSpec, EmbeddingSpec, LayerSpec, NormSpec } from '../../shared/compiler/architectures/spec.ts'
import { feedForward } from './feedForward.ts'
import { add, normalise, product, project, type Tensors, type Vector } from './linear.ts'
import { createMixer } from './mixer.ts'
import { createPlaces } from './places.ts'

export type { Tensors } from './linear.ts'

export interface ForwardOptions {
  /** Keys at positions below this stay visible when the window has moved on; only with a sliding window. */
  readonly sinkTokens?: number
}

/** A model with its state. */
export interface Forward {
  /**
   * Feeds tokens behind those already fed; gives the logits after each, [vocabulary] per token. Those fed together may see each other both ways where the
   * spec has a prefix.
   */
  readonly feed: (ids: readonly number[]) => readonly Float32Array[]
}

export function createForward(spec: DecoderSpec, tensors: Tensors, { sinkTokens = 0 }: ForwardOptions = {}): Forward {
  const window = { windowTokens: spec.slidingWindowTokens, sinkTokens }
  const layers = spec.layers.map((layer) => ({ layer, mixer: createMixer(tensors, layer.mixer, window) }))
  const placesOf = createPlaces(spec.prefix)
  return {
    feed: (ids) => {
      const places = placesOf(ids)
      let stream: readonly Vector[] = ids.map((id, index) =>
        embed(tensors, spec.embedding, id, places[index]?.position ?? 0),
      )
      for (const { layer, mixer } of layers)
        stream = runLayer(tensors, layer, (inputs) => mixer(inputs, places), stream)
      return stream.map((x) => logits(tensors, spec, x))
    },
  }
}

/** norm(projection(table[id]) + positions[position + offset]); past its end the table's last row serves on. */
function embed(tensors: Tensors, spec: EmbeddingSpec, id: number, position: number): Vector {
  const row = tensors(`${spec.name}.weight`).slice(id * spec.size, (id + 1) * spec.size)
  const projected = spec.projection === null ? Float32Array.from(row) : project(tensors, spec.projection, row)
  if (spec.positions === null) return normalise(tensors, spec.norm, projected)
  const { name, rows, offset } = spec.positions
  const first = Math.min(position + offset, rows - 1) * projected.length
  const placed = add(projected, tensors(`${name}.weight`).subarray(first, first + projected.length))
  return normalise(tensors, spec.norm, placed)
}

/** From the vectors of all tokens fed together to as many. */
type Part = (inputs: readonly Vector[]) => readonly Vector[]

function runLayer(tensors: Tensors, layer: LayerSpec, mix: Part, stream: readonly Vector[]): readonly Vector[] {
  const spec = layer.feedForward
  if (spec === null) return half(tensors, layer, layer.mixerNorm, mix, stream)
  const forward: Part = (inputs) => inputs.map((input) => feedForward(tensors, spec, input))
  if (layer.arrangement === 'parallel') {
    const normed = (norm: NormSpec | null) => stream.map((x) => normalise(tensors, norm, x))
    return sums(sums(stream, mix(normed(layer.mixerNorm))), forward(normed(layer.feedForwardNorm)))
  }
  const mixed = half(tensors, layer, layer.mixerNorm, mix, stream)
  return half(tensors, layer, layer.feedForwardNorm, forward, mixed)
}

/** One half of a layer on the residual stream. */
function half(
  tensors: Tensors,
  layer: LayerSpec,
  norm: NormSpec | null,
  part: Part,
  stream: readonly Vector[],
): readonly Vector[] {
  const normed = (vectors: readonly Vector[]) => vectors.map((x) => normalise(tensors, norm, x))
  switch (layer.arrangement) {
    case 'serial':
    case 'parallel':
      return sums(stream, part(normed(stream)))
    case 'postNorm':
      return normed(sums(stream, part(stream)))
    case 'normedResidual': {
      const inputs = normed(stream)
      return sums(part(inputs), inputs, layer.residualScale)
    }
    default:
      return layer.arrangement satisfies never
  }
}

/** a + scale * b, token by token. */
function sums(a: readonly Vector[], b: readonly Vector[], scale = 1): readonly Vector[] {
  return a.map((vector, index) => add(vector, b[index] as Vector, scale))
}

/** scale * (projection(norm(x)) W^T + bias) */
function logits(tensors: Tensors, { embedding, head }: DecoderSpec, x: Vector): Vector {
  const normed = normalise(tensors, head.norm, x)
  const last = head.projection === null ? normed : project(tensors, head.projection, normed)
  const all = head.tied ? product(tensors(`${embedding.name}.weight`), last) : project(tensors, head.linear, last)
  return all.map((value) => head.scale * value)
}
