// Which models calibration can run: decoderSteps knows the layers of Llama and its relatives. The quantizers that look at weights alone serve every spec.
import { CompileError } from '../../errors.ts'
import type {
  AttentionSpec,
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  NormSpec,
  RopeSpec,
} from '../architectures/spec.ts'
import { configFile } from '../checkpoint/config.ts'

export interface CalibratableLayer {
  readonly mixerNorm: NormSpec
  readonly mixer: AttentionSpec & { readonly rope: RopeSpec }
  readonly feedForwardNorm: NormSpec
  readonly feedForward: Extract<FeedForwardSpec, { kind: 'gated' }>
}

export interface Calibratable {
  readonly layers: readonly CalibratableLayer[]
  readonly headNorm: NormSpec
}

/** The spec's parts as calibration needs them. Throws CompileError on anything that it would compute wrongly. */
export function calibratable(spec: DecoderSpec): Calibratable {
  const { embedding, head } = spec
  if (embedding.projection !== null || embedding.positions !== null || embedding.norm !== null)
    refuse('a table alone as embedding', 'embedding')
  if (head.projection !== null || head.linear.bias || head.scale !== 1) refuse('a matrix alone as head', 'head')
  return { layers: spec.layers.map(layerOf), headNorm: rmsNormOf(head.norm, 'head') }
}

function layerOf(layer: LayerSpec, index: number): CalibratableLayer {
  const { arrangement, mixer, feedForward } = layer
  const at = `layer ${index}`
  if (arrangement !== 'serial') refuse('serial layers', at)
  if (feedForward?.kind !== 'gated' || feedForward.activation !== 'silu' || feedForward.gate !== 'first')
    refuse('feed-forwards gated by SiLU', at)
  return {
    mixerNorm: rmsNormOf(layer.mixerNorm, at),
    mixer: attentionOf(mixer, at),
    feedForwardNorm: rmsNormOf(layer.feedForwardNorm, at),
    feedForward,
  }
}

function attentionOf(mixer: LayerSpec['mixer'], at: string): CalibratableLayer['mixer'] {
  if (mixer.kind !== 'attention' || mixer.alibiSlopes !== null || mixer.clip !== null)
    refuse('attention without ALiBi and clipping', at)
  const { headSize, rope, scale } = mixer
  if (scale !== 1 / Math.sqrt(headSize)) refuse('scores divided by the root of the head size', at)
  if (rope === null || rope.size !== headSize || rope.pairing !== 'halves')
    refuse('rotary positions of whole heads in halves', at)
  return { ...mixer, rope }
}

function rmsNormOf(norm: NormSpec | null, at: string): NormSpec {
  if (norm?.kind !== 'rms' || norm.epsilonOutsideRoot || !norm.weight || norm.bias) refuse('RMS norms', at)
  return norm
}

function refuse(wanted: string, at: string): never {
  throw new CompileError(configFile, 'model_type', `calibration knows only ${wanted}, and not this model's ${at}`)
}
