// Every decoder's forward in plain code, read off DecoderSpec's definitions: the oracle for everything faster. One token at a time; tensors under the
// names that the spec gives them. After karpathy/llama2.c run.c in spirit.
import type { DecoderSpec, EmbeddingSpec, LayerSpec, NormSpec } from '../../shared/compiler/architectures/spec.ts'
import { feedForward } from './feedForward.ts'
import { add, normalise, product, project, type Tensors, type Vector } from './linear.ts'
import { createMixer, type Mixer } from './mixer.ts'

export type { Tensors } from './linear.ts'

export interface ForwardOptions {
  /** Keys at positions below this stay visible when the window has moved on; only with a sliding window. */
  readonly sinkTokens?: number
}

/** A model with its state. */
export interface Forward {
  /** Feeds tokens behind those already fed; gives the logits after each, [vocabulary] per token. */
  readonly feed: (ids: readonly number[]) => readonly Float32Array[]
}

export function createForward(spec: DecoderSpec, tensors: Tensors, { sinkTokens = 0 }: ForwardOptions = {}): Forward {
  const window = { windowTokens: spec.slidingWindowTokens, sinkTokens }
  const layers = spec.layers.map((layer) => ({ layer, mixer: createMixer(tensors, layer.mixer, window) }))
  let position = 0
  const feedOne = (id: number): Float32Array => {
    let x = embed(tensors, spec.embedding, id, position)
    for (const { layer, mixer } of layers) x = runLayer(tensors, layer, mixer, x, position)
    position++
    return logits(tensors, spec, x)
  }
  return { feed: (ids) => ids.map(feedOne) }
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

function runLayer(tensors: Tensors, layer: LayerSpec, mixer: Mixer, x: Vector, position: number): Vector {
  const spec = layer.feedForward
  const mix = (values: Vector) => mixer(values, position)
  if (spec === null) return half(tensors, layer, layer.mixerNorm, mix, x)
  const forward = (values: Vector) => feedForward(tensors, spec, values)
  if (layer.arrangement === 'parallel') {
    const normed = normalise(tensors, layer.mixerNorm, x)
    return add(add(x, mix(normed)), forward(normalise(tensors, layer.feedForwardNorm, x)))
  }
  return half(tensors, layer, layer.feedForwardNorm, forward, half(tensors, layer, layer.mixerNorm, mix, x))
}

type Part = (x: Vector) => Vector

/** One half of a layer on the residual stream x. */
function half(tensors: Tensors, layer: LayerSpec, norm: NormSpec | null, part: Part, x: Vector): Vector {
  switch (layer.arrangement) {
    case 'serial':
    case 'parallel':
      return add(x, part(normalise(tensors, norm, x)))
    case 'postNorm':
      return normalise(tensors, norm, add(x, part(x)))
    case 'normedResidual': {
      const normed = normalise(tensors, norm, x)
      return add(part(normed), normed, layer.residualScale)
    }
    default:
      return layer.arrangement satisfies never
  }
}

/** scale * (projection(norm(x)) W^T + bias) */
function logits(tensors: Tensors, { embedding, head }: DecoderSpec, x: Vector): Vector {
  const normed = normalise(tensors, head.norm, x)
  const last = head.projection === null ? normed : project(tensors, head.projection, normed)
  const all = head.tied ? product(tensors(`${embedding.name}.weight`), last) : project(tensors, head.linear, last)
  return all.map((value) => head.scale * value)
}
