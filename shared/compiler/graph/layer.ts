// One layer: how its mixer and its feed-forward meet the residual stream. What they are made of lies in a file per kind.
import type { LayerSpec, NormSpec } from '../architectures/spec.ts'
import type { BufferRef, Launch } from '../library/plan.ts'
import type { GraphContext, HalfLaunches, Slot } from './context.ts'
import { normLaunch } from './linear.ts'

export type Pass = 'decode' | 'prefill'

/** What one half of a layer reads and adds to. */
export interface Half {
  /** [tokens, hidden] */
  readonly input: BufferRef
  /** To apply to the input first; always null in prefill, where the input is normed already. */
  readonly norm: NormSpec | null
  /** residual = residualScale * residual + the half's output, [tokens, hidden]. */
  readonly residual: BufferRef
  readonly residualScale: number
}

/** The launches of a mixer or feed-forward for one token and for a chunk. */
export type HalfGraph = Readonly<Record<Pass, (half: Half) => HalfLaunches>>

export interface LayerGraph {
  readonly spec: LayerSpec
  readonly mixer: HalfGraph
  /** null where the spec has none. */
  readonly feedForward: HalfGraph | null
}

/** The residual stream, which every layer finds and leaves in `x`, and a second one of its shape. */
export interface Streams {
  readonly x: Slot
  readonly normed: Slot
}

export function layerLaunches(
  context: GraphContext,
  pass: Pass,
  layer: LayerGraph,
  streams: Streams,
): readonly Launch[] {
  switch (layer.spec.arrangement) {
    case 'serial':
      return serial(context, pass, layer, streams)
    case 'parallel':
      return parallel(context, pass, layer, streams)
    case 'postNorm':
      return postNorm(context, pass, layer, streams)
    case 'normedResidual':
      return normedResidual(context, pass, layer, streams)
    default:
      return layer.spec.arrangement satisfies never
  }
}

type Arrangement = typeof layerLaunches

const serial: Arrangement = (context, pass, { spec, mixer, feedForward }, streams) => [
  ...preNormed(context, pass, spec.mixerNorm, streams, (half) => inOrder(mixer[pass](half))),
  ...(feedForward === null || spec.feedForwardNorm === null
    ? []
    : preNormed(context, pass, spec.feedForwardNorm, streams, (half) => inOrder(feedForward[pass](half)))),
]

/** Both halves read x before either adds to it. */
const parallel: Arrangement = (context, pass, layer, streams) => {
  const { spec, mixer } = layer
  const [feedForward, feedForwardNorm] = bothParts(layer)
  const writes: Launch[] = []
  const reads = (half: HalfLaunches) => {
    writes.push(...half.write)
    return half.read
  }
  if (pass === 'prefill' && spec.mixerNorm.name === feedForwardNorm.name)
    return [
      ...preNormed(context, pass, spec.mixerNorm, streams, (half) => [
        ...reads(mixer.prefill(half)),
        ...reads(feedForward.prefill(half)),
      ]),
      ...writes,
    ]
  return [
    ...preNormed(context, pass, spec.mixerNorm, streams, (half) => reads(mixer[pass](half))),
    ...preNormed(context, pass, feedForwardNorm, streams, (half) => reads(feedForward[pass](half))),
    ...writes,
  ]
}

const postNorm: Arrangement = (context, pass, layer, { x, normed }) => {
  const { spec, mixer } = layer
  const [feedForward, feedForwardNorm] = bothParts(layer)
  const plain = (stream: Slot): Half => ({ input: stream, norm: null, residual: stream, residualScale: 1 })
  return [
    ...inOrder(mixer[pass](plain(x))),
    normLaunch(context, spec.mixerNorm, x, normed),
    ...inOrder(feedForward[pass](plain(normed))),
    normLaunch(context, feedForwardNorm, normed, x),
  ]
}

const normedResidual: Arrangement = (context, pass, layer, { x, normed }) => {
  const { spec, mixer } = layer
  const [feedForward, feedForwardNorm] = bothParts(layer)
  const { residualScale } = spec
  const scaled = (stream: Slot): Half => ({ input: stream, norm: null, residual: stream, residualScale })
  return [
    normLaunch(context, spec.mixerNorm, x, normed),
    ...inOrder(mixer[pass](scaled(normed))),
    normLaunch(context, feedForwardNorm, normed, x),
    ...inOrder(feedForward[pass](scaled(x))),
  ]
}

/** A half that reads norm(x) and adds to x: the norm is fused in decode and a launch of its own in prefill. */
function preNormed(
  context: GraphContext,
  pass: Pass,
  norm: NormSpec,
  { x, normed }: Streams,
  half: (half: Half) => readonly Launch[],
): readonly Launch[] {
  if (pass === 'decode') return half({ input: x, norm, residual: x, residualScale: 1 })
  return [normLaunch(context, norm, x, normed), ...half({ input: normed, norm: null, residual: x, residualScale: 1 })]
}

function inOrder({ read, write }: HalfLaunches): readonly Launch[] {
  return [...read, ...write]
}

function bothParts({ spec, feedForward }: LayerGraph): readonly [feedForward: HalfGraph, norm: NormSpec] {
  if (feedForward === null || spec.feedForwardNorm === null)
    throw new Error(`a layer arranged ${spec.arrangement} needs a feed-forward and its norm`)
  return [feedForward, spec.feedForwardNorm]
}
