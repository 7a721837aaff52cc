// Launches of norms and of products with weight matrices: one row for a decoded token, a tile of rows for a chunk.
import type { LinearSpec, NormSpec } from '../architectures/spec.ts'
import { type MatmulEpilogue, matmul, matmulTile } from '../kernels/matmul.ts'
import { type MatvecEpilogue, matvec, matvecGrid } from '../kernels/matvec.ts'
import { norm, normRowsPerGroup } from '../kernels/norm.ts'
import { isQuantized } from '../kernels/target.ts'
import { type BufferRef, type Count, constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, scalars } from './context.ts'

interface LinearUse {
  /** Name of the kernel. */
  readonly name: string
  readonly linear: LinearSpec
  readonly rows: number
  readonly columns: number
  readonly input: BufferRef
}

interface MatvecUse extends LinearUse {
  /** Fused: the input is normalised first. */
  readonly norm: NormSpec | null
  readonly epilogue: MatvecEpilogue
  /** The bindings of the epilogue. */
  readonly outputs: readonly BufferRef[]
  /** Row of the input. */
  readonly row: Count
}

export function matvecLaunch(context: GraphContext, use: MatvecUse): Launch {
  const { format, target } = context
  const { rows, columns, linear, epilogue } = use
  const options = { target, format, rows, columns, bias: linear.bias, norm: use.norm, epilogue }
  const kernel = context.kernel(use.name, (name) => matvec({ name, ...options }))
  const { row } = use
  const { position, capacity, sink } = scalars
  return {
    kernel,
    buffers: [use.input, ...normBuffers(context, use.norm), ...linearBuffers(context, linear), ...use.outputs],
    scalars: epilogue.kind === 'append' ? [row, position, capacity, sink] : [row],
    grid: [constant(matvecGrid({ name: kernel.name, ...options })), scalars.one],
  }
}

interface MatmulUse extends LinearUse {
  readonly epilogue: MatmulEpilogue
  readonly output: BufferRef
}

export function matmulLaunch(context: GraphContext, use: MatmulUse): Launch {
  const { format, target } = context
  const { rows, columns, linear, epilogue } = use
  const options = { target, format, rows, columns, bias: linear.bias, epilogue }
  const tile = matmulTile(options)
  return {
    kernel: context.kernel(use.name, (name) => matmul({ name, ...options })),
    buffers: [use.input, ...linearBuffers(context, linear), use.output],
    scalars: [scalars.tokens],
    grid: [constant(Math.ceil(rows / tile.rows)), count('tokens', { divide: tile.tokens })],
  }
}

/** output = norm(input), for every row of the chunk (one in decode). */
export function normLaunch(context: GraphContext, spec: NormSpec, input: BufferRef, output: BufferRef): Launch {
  const { format, target } = context
  const options = { ...spec, target, format, columns: context.spec.hiddenSize }
  return {
    kernel: context.kernel(`${spec.kind}_norm`, (name) => norm({ ...options, name })),
    buffers: [input, ...normBuffers(context, spec), output],
    scalars: [scalars.tokens],
    grid: [count('tokens', { divide: normRowsPerGroup(options) }), scalars.one],
  }
}

/** The weight and bias a norm has. */
export function normBuffers({ buffers }: GraphContext, spec: NormSpec | null): readonly BufferRef[] {
  if (spec === null) return []
  return [
    ...(spec.weight ? [buffers.param(`${spec.name}.weight`)] : []),
    ...(spec.bias ? [buffers.param(`${spec.name}.bias`)] : []),
  ]
}

/** Weight, scale when quantized, bias when there is one. */
function linearBuffers(context: GraphContext, { name, bias }: LinearSpec): readonly BufferRef[] {
  return [...matrixBuffers(context, name), ...(bias ? [context.buffers.param(`${name}.bias`)] : [])]
}

/** The stored parameters of matrix `<stem>.weight`: values and scales when quantized. */
export function matrixBuffers({ format, buffers }: GraphContext, stem: string): readonly BufferRef[] {
  const names = isQuantized(format) ? [`${stem}.q_weight`, `${stem}.q_scale`] : [`${stem}.weight`]
  return names.map(buffers.param)
}
