// Hyena filters: three launches for one token and for a chunk.
import type { HyenaSpec } from '../architectures/spec.ts'
import { hyenaFilter, hyenaFilterChannels } from '../kernels/hyenaFilter.ts'
import { constant, type Launch } from '../library/plan.ts'
import { type GraphContext, type HalfLaunches, perChunk, type Slot, scalars } from './context.ts'
import type { Half } from './layer.ts'
import { matmulLaunch, matvecLaunch } from './linear.ts'

/** Float32 activations, shared by all layers. */
export interface HyenaSlots {
  /** [chunk, 3 * hidden]: the two gates and the value. */
  readonly projected: Slot
  /** [chunk, hidden] */
  readonly filtered: Slot
}

/** What a layer remembers. */
export interface HyenaState {
  /** The short filter's last inputs. */
  readonly inputs: Slot
  readonly state: Slot
}

export function hyenaSlots({ buffers, spec }: GraphContext): HyenaSlots {
  return {
    projected: perChunk(buffers, 'hyena_projected', 3 * spec.hiddenSize),
    filtered: perChunk(buffers, 'hyena_filtered', spec.hiddenSize),
  }
}

export function hyenaState(
  { buffers, spec: { hiddenSize } }: GraphContext,
  spec: HyenaSpec,
  layer: number,
): HyenaState {
  return {
    inputs: buffers.slot(`cache.inputs.${layer}`, constant((spec.shortFilterSize - 1) * 3 * hiddenSize * 4)),
    state: buffers.slot(`cache.state.${layer}`, constant(spec.stateSize * hiddenSize * 8)),
  }
}

interface Hyena {
  readonly spec: HyenaSpec
  readonly slots: HyenaSlots
  readonly state: HyenaState
}

export function decodeHyena(context: GraphContext, hyena: Hyena, half: Half): HalfLaunches {
  const { hiddenSize } = context.spec
  const { spec, slots } = hyena
  return {
    read: [
      matvecLaunch(context, {
        name: 'hyena_in_decode',
        linear: spec.projection,
        rows: 3 * hiddenSize,
        columns: hiddenSize,
        norm: half.norm,
        epilogue: { kind: 'store', scale: 1 },
        input: half.input,
        outputs: [slots.projected],
        row: scalars.row0,
      }),
      filterLaunch(context, hyena),
    ],
    write: [
      matvecLaunch(context, {
        name: 'hyena_out_decode',
        linear: spec.output,
        rows: hiddenSize,
        columns: hiddenSize,
        norm: null,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.filtered,
        outputs: [half.residual],
        row: scalars.row0,
      }),
    ],
  }
}

export function prefillHyena(context: GraphContext, hyena: Hyena, half: Half): HalfLaunches {
  const { hiddenSize } = context.spec
  const { spec, slots } = hyena
  return {
    read: [
      matmulLaunch(context, {
        name: 'hyena_in_prefill',
        linear: spec.projection,
        rows: 3 * hiddenSize,
        columns: hiddenSize,
        epilogue: { kind: 'store', scale: 1 },
        input: half.input,
        output: slots.projected,
      }),
      filterLaunch(context, hyena),
    ],
    write: [
      matmulLaunch(context, {
        name: 'hyena_out_prefill',
        linear: spec.output,
        rows: hiddenSize,
        columns: hiddenSize,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.filtered,
        output: half.residual,
      }),
    ],
  }
}

/** The same kernel for one token and for a chunk. */
function filterLaunch(context: GraphContext, { spec, slots, state }: Hyena): Launch {
  const { target, format, buffers } = context
  const { hiddenSize } = context.spec
  const { shortFilterSize, stateSize, shortFilterBias } = spec
  const bias = shortFilterBias === null ? [] : [buffers.param(shortFilterBias)]
  const options = { target, format, channels: hiddenSize, shortFilterSize, stateSize, shortFilterBias: bias.length > 0 }
  return {
    kernel: context.kernel('hyena_filter', (name) => hyenaFilter({ name, ...options })),
    buffers: [
      slots.projected,
      buffers.param(spec.shortFilterWeight),
      ...bias,
      buffers.param(spec.poles),
      buffers.param(spec.residues),
      buffers.param(spec.skip),
      state.inputs,
      state.state,
      slots.filtered,
    ],
    scalars: [scalars.tokens, scalars.position],
    grid: [constant(Math.ceil(hiddenSize / hyenaFilterChannels)), scalars.one],
  }
}
