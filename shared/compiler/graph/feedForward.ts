// Feed-forward networks of one matrix pair, plain or gated: two launches for one token, two or three for a chunk. Experts have a file of their own.
import type { FeedForwardSpec } from '../architectures/spec.ts'
import { gated } from '../kernels/gated.ts'
import { constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, type HalfLaunches, perChunk, type Slot, scalars } from './context.ts'
import type { Half } from './layer.ts'
import { matmulLaunch, matvecLaunch } from './linear.ts'

export type DenseSpec = Exclude<FeedForwardSpec, { readonly kind: 'experts' }>

/** Float32 activations, shared by all layers. */
export interface FeedForwardSlots {
  /** [chunk, 2 * size]: both halves of a gated network in prefill. */
  readonly gateUp: Slot | null
  /** [chunk, size] */
  readonly inner: Slot
}

/** Wide enough for each of the layers. */
export function feedForwardSlots({ buffers }: GraphContext, layers: readonly DenseSpec[]): FeedForwardSlots {
  const gatedSizes = layers.flatMap(({ kind, size }) => (kind === 'gated' ? [size] : []))
  return {
    gateUp: gatedSizes.length === 0 ? null : perChunk(buffers, 'gate_up', 2 * Math.max(...gatedSizes)),
    inner: perChunk(buffers, 'inner', Math.max(...layers.map(({ size }) => size))),
  }
}

export function decodeFeedForward(
  context: GraphContext,
  spec: DenseSpec,
  slots: FeedForwardSlots,
  half: Half,
): HalfLaunches {
  const { hiddenSize } = context.spec
  const { activation } = spec
  const first =
    spec.kind === 'gated'
      ? {
          name: 'gate_up_decode',
          linear: spec.gateUp,
          rows: 2 * spec.size,
          epilogue: { kind: 'gated', activation, gate: spec.gate } as const,
        }
      : { name: 'up_decode', linear: spec.up, rows: spec.size, epilogue: { kind: 'activate', activation } as const }
  const common = { row: scalars.row0 }
  return {
    read: [
      matvecLaunch(context, {
        ...first,
        ...common,
        columns: hiddenSize,
        norm: half.norm,
        input: half.input,
        outputs: [slots.inner],
      }),
    ],
    write: [
      matvecLaunch(context, {
        ...common,
        name: 'down_decode',
        linear: spec.down,
        rows: hiddenSize,
        columns: spec.size,
        norm: null,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.inner,
        outputs: [half.residual],
      }),
    ],
  }
}

export function prefillFeedForward(
  context: GraphContext,
  spec: DenseSpec,
  slots: FeedForwardSlots,
  half: Half,
): HalfLaunches {
  const { hiddenSize } = context.spec
  return {
    read:
      spec.kind === 'gated'
        ? gatedLaunches(context, spec, slots, half)
        : [
            matmulLaunch(context, {
              name: 'up_prefill',
              linear: spec.up,
              rows: spec.size,
              columns: hiddenSize,
              epilogue: { kind: 'activate', activation: spec.activation },
              input: half.input,
              output: slots.inner,
            }),
          ],
    write: [
      matmulLaunch(context, {
        name: 'down_prefill',
        linear: spec.down,
        rows: hiddenSize,
        columns: spec.size,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.inner,
        output: half.residual,
      }),
    ],
  }
}

/** Gate and up in one product, then the gate. */
function gatedLaunches(
  context: GraphContext,
  spec: Extract<DenseSpec, { kind: 'gated' }>,
  { gateUp, inner }: FeedForwardSlots,
  half: Half,
): readonly Launch[] {
  const { size, activation, gate } = spec
  if (gateUp === null) throw new Error('a gated layer without its slot')
  return [
    matmulLaunch(context, {
      name: 'gate_up_prefill',
      linear: spec.gateUp,
      rows: 2 * size,
      columns: context.spec.hiddenSize,
      epilogue: { kind: 'store', scale: 1 },
      input: half.input,
      output: gateUp,
    }),
    {
      kernel: context.kernel('gated', (name) => gated({ name, size, activation, gate })),
      buffers: [gateUp, inner],
      scalars: [scalars.tokens],
      grid: [count('tokens', { multiply: Math.ceil(size / 256) }), constant(1)],
    },
  ]
}
