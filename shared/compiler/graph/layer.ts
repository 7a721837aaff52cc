// The launches of one transformer layer: at most six for one token (matrix-vector products fused with norm, rotary embedding, cache append, gating and
// residual), nine for a chunk of tokens.
import type { DecoderSpec } from '../architectures/spec.ts'
import {
  attentionDecode,
  attentionDecodeGroups,
  attentionMerge,
  attentionMergeGroups,
} from '../kernels/attentionDecode.ts'
import { attentionPrefill, attentionPrefillTile } from '../kernels/attentionPrefill.ts'
import { gatedSilu } from '../kernels/gatedSilu.ts'
import { type MatmulEpilogue, matmul, matmulTile } from '../kernels/matmul.ts'
import { type MatvecEpilogue, matvec, matvecGrid } from '../kernels/matvec.ts'
import { rmsNorm, rmsNormRowsPerGroup } from '../kernels/rmsNorm.ts'
import { ropeAppend, ropeAppendItemsPerToken } from '../kernels/ropeAppend.ts'
import { isQuantized, type LibraryTarget, type WeightFormat } from '../kernels/target.ts'
import { type BufferRef, type Count, constant, count, type Launch } from '../library/plan.ts'
import type { Buffers } from './buffers.ts'

/** Up to this many keys one workgroup per head walks the cache; beyond, the walk is split and merged. */
export const attentionSplitKeys = 256

export interface LayerContext {
  readonly spec: DecoderSpec
  readonly format: WeightFormat
  readonly target: LibraryTarget
  readonly buffers: Buffers
  readonly ropeShift: number
  readonly ropeTable: BufferRef
  readonly slots: LayerSlots
}

/** Activations in float32, shared by all layers. */
export interface LayerSlots {
  /** Residual stream, [chunk, hidden]. */
  readonly x: BufferRef
  /** [chunk, hidden] */
  readonly normed: BufferRef
  /** [chunk, (heads + 2 kvHeads) * headSize] */
  readonly qkv: BufferRef
  /** [chunk, heads * headSize] */
  readonly query: BufferRef
  /** [chunk, heads * headSize] */
  readonly attended: BufferRef
  /** Partial attention sums of the splits. */
  readonly partial: BufferRef
  /** [chunk, 2 * intermediate], gate first. */
  readonly gateUp: BufferRef
  /** [chunk, intermediate] */
  readonly gated: BufferRef
}

/** The cache slots of one layer. */
export interface LayerCache {
  readonly keys: BufferRef
  readonly values: BufferRef
}

const row0 = constant(0)
const position = count('position')
const capacity = count('capacity')
const length = count('length')
const windowTokens = count('window')
const sink = count('sink')
const tokens = count('tokens')
const one = constant(1)

/** One token: qkv with norm, rotary embedding and append; attention (one launch, or split and merge); output; gate and up; down. */
export function decodeLayer(context: LayerContext, layer: number, cache: LayerCache): readonly Launch[] {
  const { spec, slots } = context
  const prefix = `model.layers.${layer}`
  const attentionWidth = spec.heads * spec.headSize
  const qkvRows = (spec.heads + 2 * spec.kvHeads) * spec.headSize
  return [
    matvecLaunch(context, 'qkv_decode', {
      weight: `${prefix}.self_attn.qkv_proj`,
      rows: qkvRows,
      columns: spec.hiddenSize,
      bias: spec.biases.qkv,
      norm: `${prefix}.input_layernorm.weight`,
      epilogue: {
        kind: 'ropeAppend',
        heads: spec.heads,
        kvHeads: spec.kvHeads,
        headSize: spec.headSize,
        ropeShift: context.ropeShift,
      },
      input: slots.x,
      outputs: [context.ropeTable, slots.query, cache.keys, cache.values],
      row: row0,
    }),
    ...decodeAttention(context, cache),
    matvecLaunch(context, 'attention_output_decode', {
      weight: `${prefix}.self_attn.o_proj`,
      rows: spec.hiddenSize,
      columns: attentionWidth,
      bias: spec.biases.attentionOutput,
      norm: null,
      epilogue: { kind: 'addResidual' },
      input: slots.attended,
      outputs: [slots.x],
      row: row0,
    }),
    matvecLaunch(context, 'gate_up_decode', {
      weight: `${prefix}.mlp.gate_up_proj`,
      rows: 2 * spec.intermediateSize,
      columns: spec.hiddenSize,
      bias: spec.biases.mlp,
      norm: `${prefix}.post_attention_layernorm.weight`,
      epilogue: { kind: 'gatedSilu' },
      input: slots.x,
      outputs: [slots.gated],
      row: row0,
    }),
    matvecLaunch(context, 'down_decode', {
      weight: `${prefix}.mlp.down_proj`,
      rows: spec.hiddenSize,
      columns: spec.intermediateSize,
      bias: spec.biases.mlp,
      norm: null,
      epilogue: { kind: 'addResidual' },
      input: slots.gated,
      outputs: [slots.x],
      row: row0,
    }),
  ]
}

/** A chunk of tokens. */
export function prefillLayer(context: LayerContext, layer: number, cache: LayerCache): readonly Launch[] {
  const { spec, slots, target } = context
  const prefix = `model.layers.${layer}`
  const attentionWidth = spec.heads * spec.headSize
  const qkvRows = (spec.heads + 2 * spec.kvHeads) * spec.headSize
  const heads = { heads: spec.heads, kvHeads: spec.kvHeads, headSize: spec.headSize }
  const rope = { name: 'rope_append', target, ropeShift: context.ropeShift, ...heads }
  const attention = { name: 'attention_prefill', target, ...heads }
  const gated = { name: 'gated_silu', intermediate: spec.intermediateSize }
  return [
    normLaunch(context, `${prefix}.input_layernorm.weight`),
    matmulLaunch(context, 'qkv_prefill', {
      weight: `${prefix}.self_attn.qkv_proj`,
      rows: qkvRows,
      columns: spec.hiddenSize,
      bias: spec.biases.qkv,
      epilogue: 'store',
      input: slots.normed,
      output: slots.qkv,
    }),
    {
      kernel: ropeAppend(rope),
      buffers: [slots.qkv, context.ropeTable, slots.query, cache.keys, cache.values],
      scalars: [tokens, position, capacity, sink],
      grid: [count('tokens', { multiply: Math.ceil(ropeAppendItemsPerToken(rope) / 256) }), one],
    },
    {
      kernel: attentionPrefill(attention),
      buffers: [slots.query, cache.keys, cache.values, slots.attended],
      scalars: [tokens, position, capacity, windowTokens, sink],
      grid: [constant(spec.heads), count('tokens', { divide: attentionPrefillTile(attention).queries })],
    },
    matmulLaunch(context, 'attention_output_prefill', {
      weight: `${prefix}.self_attn.o_proj`,
      rows: spec.hiddenSize,
      columns: attentionWidth,
      bias: spec.biases.attentionOutput,
      epilogue: 'addResidual',
      input: slots.attended,
      output: slots.x,
    }),
    normLaunch(context, `${prefix}.post_attention_layernorm.weight`),
    matmulLaunch(context, 'gate_up_prefill', {
      weight: `${prefix}.mlp.gate_up_proj`,
      rows: 2 * spec.intermediateSize,
      columns: spec.hiddenSize,
      bias: spec.biases.mlp,
      epilogue: 'store',
      input: slots.normed,
      output: slots.gateUp,
    }),
    {
      kernel: gatedSilu(gated),
      buffers: [slots.gateUp, slots.gated],
      scalars: [tokens],
      grid: [count('tokens', { multiply: Math.ceil(spec.intermediateSize / 256) }), one],
    },
    matmulLaunch(context, 'down_prefill', {
      weight: `${prefix}.mlp.down_proj`,
      rows: spec.hiddenSize,
      columns: spec.intermediateSize,
      bias: spec.biases.mlp,
      epilogue: 'addResidual',
      input: slots.gated,
      output: slots.x,
    }),
  ]
}

function decodeAttention(context: LayerContext, cache: LayerCache): readonly Launch[] {
  const { spec, slots, target } = context
  const heads = { target, heads: spec.heads, kvHeads: spec.kvHeads, headSize: spec.headSize }
  const whole = { name: 'attention_decode', split: null, ...heads }
  const split = { name: 'attention_decode_split', split: { keys: attentionSplitKeys }, ...heads }
  const merge = { name: 'attention_merge', split: { keys: attentionSplitKeys }, ...heads }
  const short = { variable: 'occupied', minimum: 0, maximum: attentionSplitKeys } as const
  const long = { variable: 'occupied', minimum: attentionSplitKeys + 1, maximum: 2 ** 31 - 1 } as const
  const scalars = [length, capacity, windowTokens, sink]
  return [
    {
      kernel: attentionDecode(whole),
      buffers: [slots.query, cache.keys, cache.values, slots.attended],
      scalars,
      grid: [constant(attentionDecodeGroups(whole)), one],
      only: short,
    },
    {
      kernel: attentionDecode(split),
      buffers: [slots.query, cache.keys, cache.values, slots.partial],
      scalars,
      grid: [constant(attentionDecodeGroups(split)), count('occupied', { divide: attentionSplitKeys })],
      only: long,
    },
    {
      kernel: attentionMerge(merge),
      buffers: [slots.partial, slots.attended],
      scalars: [count('occupied', { divide: attentionSplitKeys })],
      grid: [constant(attentionMergeGroups(merge)), one],
      only: long,
    },
  ]
}

interface MatvecUse {
  readonly weight: string
  readonly rows: number
  readonly columns: number
  readonly bias: boolean
  /** Name of the norm weight, fused. */
  readonly norm: string | null
  readonly epilogue: MatvecEpilogue
  readonly input: BufferRef
  readonly outputs: readonly BufferRef[]
  /** Row of the input. */
  readonly row: Count
}

export function matvecLaunch(context: Omit<LayerContext, 'slots'>, name: string, use: MatvecUse): Launch {
  const { spec, format, target, buffers } = context
  const options = {
    name,
    target,
    format,
    rows: use.rows,
    columns: use.columns,
    bias: use.bias,
    norm: use.norm === null ? null : { epsilon: spec.norm.epsilon },
    epilogue: use.epilogue,
  }
  return {
    kernel: matvec(options),
    buffers: [
      use.input,
      ...(use.norm === null ? [] : [buffers.param(use.norm)]),
      ...weightBuffers(context, use.weight, use.bias),
      ...use.outputs,
    ],
    scalars: use.epilogue.kind === 'ropeAppend' ? [use.row, position, capacity, sink] : [use.row],
    grid: [constant(matvecGrid(options)), one],
  }
}

interface MatmulUse {
  readonly weight: string
  readonly rows: number
  readonly columns: number
  readonly bias: boolean
  readonly epilogue: MatmulEpilogue
  readonly input: BufferRef
  readonly output: BufferRef
}

function matmulLaunch(context: LayerContext, name: string, use: MatmulUse): Launch {
  const { format, target } = context
  const { rows, columns, bias, epilogue } = use
  const options = { name, target, format, rows, columns, bias, epilogue }
  const tile = matmulTile(options)
  return {
    kernel: matmul(options),
    buffers: [use.input, ...weightBuffers(context, use.weight, bias), use.output],
    scalars: [tokens],
    grid: [constant(Math.ceil(rows / tile.rows)), count('tokens', { divide: tile.tokens })],
  }
}

function normLaunch(context: LayerContext, weight: string): Launch {
  const { spec, slots, format, target, buffers } = context
  const options = { name: 'rms_norm', target, format, columns: spec.hiddenSize, epsilon: spec.norm.epsilon }
  return {
    kernel: rmsNorm(options),
    buffers: [slots.x, buffers.param(weight), slots.normed],
    scalars: [tokens],
    grid: [count('tokens', { divide: rmsNormRowsPerGroup(options) }), one],
  }
}

/** weight, scale when quantized, bias when there is one. */
function weightBuffers(
  context: Pick<LayerContext, 'format' | 'buffers'>,
  stem: string,
  bias: boolean,
): readonly BufferRef[] {
  const names = isQuantized(context.format) ? [`${stem}.q_weight`, `${stem}.q_scale`] : [`${stem}.weight`]
  return [...names, ...(bias ? [`${stem}.bias`] : [])].map((name) => context.buffers.param(name))
}
