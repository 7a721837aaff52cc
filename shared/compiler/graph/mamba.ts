// Selective state spaces: five launches for one token, seven for a chunk.
import type { MambaSpec } from '../architectures/spec.ts'
import { mambaScan, mambaScanChannels, mambaStateBytes } from '../kernels/mambaScan.ts'
import { mambaTimeStep, mambaTimeStepTile } from '../kernels/mambaTimeStep.ts'
import { shortConvolution, shortConvolutionTile } from '../kernels/shortConvolution.ts'
import { isQuantized } from '../kernels/target.ts'
import { type BufferRef, constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, type HalfLaunches, perChunk, type Slot, scalars } from './context.ts'
import type { Half, Pass } from './layer.ts'
import { matmulLaunch, matrixBuffers, matvecLaunch } from './linear.ts'

/** Float32 activations, shared by all layers. */
export interface MambaSlots {
  /** [chunk, 2 * inner]: x, then gate. */
  readonly projected: Slot
  /** [chunk, inner] */
  readonly convolved: Slot
  /** [chunk, timeStepRank + 2 * state]: time step, B, C. */
  readonly parameters: Slot
  /** [chunk, inner] */
  readonly timeStep: Slot
  /** [chunk, inner] */
  readonly scanned: Slot
}

/** What a layer remembers. */
export interface MambaState {
  /** The convolution's last inputs. */
  readonly inputs: Slot
  readonly state: Slot
}

/** Wide enough for each of the layers. */
export function mambaSlots({ buffers }: GraphContext, layers: readonly MambaSpec[]): MambaSlots {
  const inner = Math.max(...layers.map(({ innerSize }) => innerSize))
  return {
    projected: perChunk(buffers, 'mamba_projected', 2 * inner),
    convolved: perChunk(buffers, 'mamba_convolved', inner),
    parameters: perChunk(buffers, 'mamba_parameters', Math.max(...layers.map(parameterColumns))),
    timeStep: perChunk(buffers, 'mamba_time_step', inner),
    scanned: perChunk(buffers, 'mamba_scanned', inner),
  }
}

export function mambaState({ buffers }: GraphContext, spec: MambaSpec, layer: number): MambaState {
  return {
    inputs: buffers.slot(`cache.inputs.${layer}`, constant((spec.convolutionSize - 1) * spec.innerSize * 4)),
    state: buffers.slot(`cache.state.${layer}`, constant(mambaStateBytes(spec))),
  }
}

interface Mamba {
  readonly spec: MambaSpec
  readonly slots: MambaSlots
  readonly state: MambaState
}

export function decodeMamba(context: GraphContext, mamba: Mamba, half: Half): HalfLaunches {
  const { spec, slots } = mamba
  const { hiddenSize } = context.spec
  const { innerSize } = spec
  const row = scalars.row0
  const store = { kind: 'store', scale: 1 } as const
  return {
    read: [
      matvecLaunch(context, {
        name: 'mamba_in_decode',
        linear: spec.inProjection,
        rows: 2 * innerSize,
        columns: hiddenSize,
        norm: half.norm,
        epilogue: store,
        input: half.input,
        outputs: [slots.projected],
        row,
      }),
      convolutionLaunch(context, mamba),
      matvecLaunch(context, {
        name: 'mamba_parameters_decode',
        linear: spec.xProjection,
        rows: parameterColumns(spec),
        columns: innerSize,
        norm: null,
        epilogue: store,
        input: slots.convolved,
        outputs: [slots.parameters],
        row,
      }),
      scanLaunch(context, mamba, 'decode'),
    ],
    write: [
      matvecLaunch(context, {
        name: 'mamba_out_decode',
        linear: spec.output,
        rows: hiddenSize,
        columns: innerSize,
        norm: null,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.scanned,
        outputs: [half.residual],
        row,
      }),
    ],
  }
}

export function prefillMamba(context: GraphContext, mamba: Mamba, half: Half): HalfLaunches {
  const { spec, slots } = mamba
  const { hiddenSize } = context.spec
  const { innerSize } = spec
  const store = { kind: 'store', scale: 1 } as const
  return {
    read: [
      matmulLaunch(context, {
        name: 'mamba_in_prefill',
        linear: spec.inProjection,
        rows: 2 * innerSize,
        columns: hiddenSize,
        epilogue: store,
        input: half.input,
        output: slots.projected,
      }),
      convolutionLaunch(context, mamba),
      matmulLaunch(context, {
        name: 'mamba_parameters_prefill',
        linear: spec.xProjection,
        rows: parameterColumns(spec),
        columns: innerSize,
        epilogue: store,
        input: slots.convolved,
        output: slots.parameters,
      }),
      timeStepLaunch(context, mamba),
      scanLaunch(context, mamba, 'prefill'),
    ],
    write: [
      matmulLaunch(context, {
        name: 'mamba_out_prefill',
        linear: spec.output,
        rows: hiddenSize,
        columns: innerSize,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.scanned,
        output: half.residual,
      }),
    ],
  }
}

/** The same kernel for one token and for a chunk. */
function convolutionLaunch(context: GraphContext, { spec, slots, state }: Mamba): Launch {
  const { target, format, buffers } = context
  const { name: at, bias } = spec.convolution
  const channels = spec.innerSize
  const options = { target, format, channels, stride: 2 * channels, size: spec.convolutionSize, bias }
  return {
    kernel: context.kernel('mamba_convolution', (name) => shortConvolution({ name, ...options })),
    buffers: [
      slots.projected,
      buffers.param(`${at}.weight`),
      ...(bias ? [buffers.param(`${at}.bias`)] : []),
      state.inputs,
      slots.convolved,
    ],
    scalars: [scalars.tokens, scalars.position],
    grid: [
      constant(Math.ceil(channels / shortConvolutionTile.channels)),
      count('tokens', { divide: shortConvolutionTile.tokens }),
    ],
  }
}

function timeStepLaunch(context: GraphContext, { spec, slots }: Mamba): Launch {
  const { innerSize, stateSize, timeStepRank } = spec
  const shape = { target: context.target, format: context.format, innerSize, stateSize, timeStepRank }
  return {
    kernel: context.kernel('mamba_time_step', (name) => mambaTimeStep({ name, ...shape })),
    buffers: [slots.parameters, ...timeStepBuffers(context, spec), slots.timeStep],
    scalars: [scalars.tokens],
    grid: [
      constant(Math.ceil(innerSize / mambaTimeStepTile.channels)),
      count('tokens', { divide: mambaTimeStepTile.tokens }),
    ],
  }
}

function scanLaunch(context: GraphContext, { spec, slots, state }: Mamba, pass: Pass): Launch {
  const { target, format, buffers } = context
  const { innerSize, stateSize, timeStepRank } = spec
  const timeStep = pass === 'decode' ? 'fused' : 'given'
  const options = { target, format, innerSize, stateSize, timeStepRank, timeStep } as const
  return {
    kernel: context.kernel(`mamba_scan_${pass}`, (name) => mambaScan({ name, ...options })),
    buffers: [
      slots.convolved,
      slots.projected,
      slots.parameters,
      ...(timeStep === 'fused' ? timeStepBuffers(context, spec) : [slots.timeStep]),
      buffers.param(spec.logA),
      buffers.param(spec.skip),
      state.state,
      slots.scanned,
    ],
    scalars: [scalars.tokens, scalars.position],
    grid: [constant(Math.ceil(innerSize / mambaScanChannels)), scalars.one],
  }
}

function timeStepBuffers(context: GraphContext, spec: MambaSpec): readonly BufferRef[] {
  const { name } = spec.timeStepProjection
  const { param } = context.buffers
  const quantized = isQuantized(context.format) && spec.timeStepRank % 32 === 0
  return [...(quantized ? matrixBuffers(context, name) : [param(`${name}.weight`)]), param(`${name}.bias`)]
}

function parameterColumns({ timeStepRank, stateSize }: MambaSpec): number {
  return timeStepRank + 2 * stateSize
}
