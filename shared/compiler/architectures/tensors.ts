// The tensors a spec names, with their shapes, in the order in which they are written: embedding, layers (mixer, feed-forward, norms), head. MLC's order.
import type {
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  LinearSpec,
  MixerSpec,
  ModelTensor,
  NormSpec,
  WeightRule,
  WeightSource,
} from './spec.ts'

/** Where a tensor comes from in a checkpoint; null = from the tensor of its own name and shape. */
export type SourcesOf = (tensor: ModelTensor) => readonly WeightSource[] | null

/** One rule per tensor of the spec. */
export function rulesFor(spec: DecoderSpec, sourcesOf: SourcesOf): readonly WeightRule[] {
  return modelTensors(spec).map((tensor) => ({
    ...tensor,
    sources: sourcesOf(tensor) ?? [{ tensor: tensor.name, shape: tensor.shape }],
  }))
}

/** A name that two places share (one norm for both halves of a layer) is listed once. */
export function modelTensors(spec: DecoderSpec): readonly ModelTensor[] {
  const { embedding, head, hiddenSize, vocabularySize } = spec
  const { positions, projection } = embedding
  const all = [
    matrix(embedding.name, vocabularySize, embedding.size),
    ...(positions === null ? [] : [float(`${positions.name}.weight`, [positions.rows, hiddenSize])]),
    ...(projection === null ? [] : linear(projection, hiddenSize, embedding.size)),
    ...norm(embedding.norm, hiddenSize),
    ...spec.layers.flatMap((layer) => layerTensors(layer, hiddenSize)),
    ...norm(head.norm, hiddenSize),
    ...(head.projection === null ? [] : linear(head.projection, embedding.size, hiddenSize)),
    ...(head.tied ? [] : linear(head.linear, vocabularySize, embedding.size)),
  ]
  return [...new Map(all.map((tensor) => [tensor.name, tensor])).values()]
}

function layerTensors(layer: LayerSpec, hiddenSize: number): readonly ModelTensor[] {
  return [
    ...mixerTensors(layer.mixer, hiddenSize),
    ...(layer.feedForward === null ? [] : feedForwardTensors(layer.feedForward, hiddenSize)),
    ...norm(layer.mixerNorm, hiddenSize),
    ...norm(layer.feedForwardNorm, hiddenSize),
  ]
}

function mixerTensors(mixer: MixerSpec, hiddenSize: number): readonly ModelTensor[] {
  switch (mixer.kind) {
    case 'attention': {
      const { heads, kvHeads, headSize } = mixer
      return [
        ...linear(mixer.qkv, (heads + 2 * kvHeads) * headSize, hiddenSize),
        ...linear(mixer.output, hiddenSize, heads * headSize),
      ]
    }
    case 'mamba': {
      const { innerSize, stateSize, convolutionSize, timeStepRank } = mixer
      const timeStep = linear(mixer.timeStepProjection, innerSize, timeStepRank)
      return [
        ...linear(mixer.inProjection, 2 * innerSize, hiddenSize),
        float(`${mixer.convolution.name}.weight`, [innerSize, convolutionSize]),
        ...bias(mixer.convolution, innerSize),
        ...linear(mixer.xProjection, timeStepRank + 2 * stateSize, innerSize),
        ...(timeStepRank % 32 === 0 ? timeStep : timeStep.map((tensor) => ({ ...tensor, kind: 'float' as const }))),
        float32(mixer.logA, [innerSize, stateSize]),
        float(mixer.skip, [innerSize]),
        ...linear(mixer.output, hiddenSize, innerSize),
      ]
    }
    case 'hyena':
      return [
        ...linear(mixer.projection, 3 * hiddenSize, hiddenSize),
        float(mixer.shortFilterWeight, [3 * hiddenSize, mixer.shortFilterSize]),
        ...(mixer.shortFilterBias === null ? [] : [float(mixer.shortFilterBias, [3 * hiddenSize])]),
        float32(mixer.poles, [hiddenSize, mixer.stateSize, 2]),
        float32(mixer.residues, [hiddenSize, mixer.stateSize, 2]),
        float(mixer.skip, [hiddenSize]),
        ...linear(mixer.output, hiddenSize, hiddenSize),
      ]
    default:
      return mixer satisfies never
  }
}

function feedForwardTensors(feedForward: FeedForwardSpec, hiddenSize: number): readonly ModelTensor[] {
  const { kind, size } = feedForward
  switch (kind) {
    case 'plain':
      return [...linear(feedForward.up, size, hiddenSize), ...linear(feedForward.down, hiddenSize, size)]
    case 'gated':
      return [...linear(feedForward.gateUp, 2 * size, hiddenSize), ...linear(feedForward.down, hiddenSize, size)]
    case 'experts': {
      const { count, router, gateUp, down } = feedForward
      return [
        float(`${router}.weight`, [count, hiddenSize]),
        { name: `${gateUp}.weight`, kind: 'matrix', shape: [count, 2 * size, hiddenSize] },
        { name: `${down}.weight`, kind: 'matrix', shape: [count, hiddenSize, size] },
      ]
    }
    default:
      return kind satisfies never
  }
}

function linear(spec: LinearSpec, rows: number, columns: number): readonly ModelTensor[] {
  return [matrix(spec.name, rows, columns), ...bias(spec, rows)]
}

function bias(spec: LinearSpec, rows: number): readonly ModelTensor[] {
  return spec.bias ? [float(`${spec.name}.bias`, [rows])] : []
}

function norm(spec: NormSpec | null, columns: number): readonly ModelTensor[] {
  if (spec === null) return []
  return [
    ...(spec.weight ? [float(`${spec.name}.weight`, [columns])] : []),
    ...(spec.bias ? [float(`${spec.name}.bias`, [columns])] : []),
  ]
}

function matrix(name: string, rows: number, columns: number): ModelTensor {
  return { name: `${name}.weight`, kind: 'matrix', shape: [rows, columns] }
}

function float(name: string, shape: readonly number[]): ModelTensor {
  return { name, kind: 'float', shape }
}

function float32(name: string, shape: readonly number[]): ModelTensor {
  return { name, kind: 'float32', shape }
}
