// Attention: at most four launches for one token (queries, keys and values with norm, rotation and append; the walk over the cache, split and merged
// when it is long; output), five for a chunk.
import type { AttentionSpec } from '../architectures/spec.ts'
import { append, appendItemsPerToken } from '../kernels/append.ts'
import {
  attentionDecode,
  attentionDecodeGroups,
  attentionMerge,
  attentionMergeGroups,
  attentionPartialElements,
} from '../kernels/attentionDecode.ts'
import { attentionPrefill, attentionPrefillTile } from '../kernels/attentionPrefill.ts'
import { cacheBytesPerElement } from '../kernels/cache.ts'
import { type BufferRef, constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, type HalfLaunches, perChunk, type Slot, scalars } from './context.ts'
import type { Half } from './layer.ts'
import { matmulLaunch, matvecLaunch } from './linear.ts'
import type { PrefixGraph } from './prefix.ts'

/** Up to this many keys one workgroup per head walks the cache; beyond, the walk is split and merged. */
export const attentionSplitKeys = 256

/** Float32 activations, shared by all layers. */
export interface AttentionSlots {
  /** [chunk, (heads + 2 kvHeads) * headSize] */
  readonly qkv: Slot
  /** [chunk, heads * headSize] */
  readonly query: Slot
  /** [chunk, heads * headSize] */
  readonly attended: Slot
  /** Partial attention sums of the splits. */
  readonly partial: Slot
}

/** The cache slots of one layer, [kvHeads, capacity, headSize] each. */
export interface AttentionCache {
  readonly keys: Slot
  readonly values: Slot
}

/** Wide enough for each of the layers. */
export function attentionSlots({ buffers }: GraphContext, layers: readonly AttentionSpec[]): AttentionSlots {
  const widest = (floats: (layer: AttentionSpec) => number) => Math.max(...layers.map(floats))
  const width = widest(({ heads, headSize }) => heads * headSize)
  return {
    qkv: perChunk(buffers, 'qkv', widest(qkvRows)),
    query: perChunk(buffers, 'query', width),
    attended: perChunk(buffers, 'attended', width),
    partial: buffers.slot(
      'attention_partial',
      count('capacity', { divide: attentionSplitKeys, multiply: 4 * widest(attentionPartialElements) }),
    ),
  }
}

export function attentionCache({ buffers, target }: GraphContext, spec: AttentionSpec, layer: number): AttentionCache {
  const rowBytes = spec.kvHeads * spec.headSize * cacheBytesPerElement(target)
  const sizeBytes = count('capacity', { multiply: rowBytes })
  return {
    keys: buffers.slot(`cache.keys.${layer}`, sizeBytes),
    values: buffers.slot(`cache.values.${layer}`, sizeBytes),
  }
}

interface Attention {
  readonly spec: AttentionSpec
  readonly slots: AttentionSlots
  readonly cache: AttentionCache
  readonly prefix: PrefixGraph | null
}

export function decodeAttention(context: GraphContext, parts: Attention, half: Half): HalfLaunches {
  const { spec, slots, cache } = parts
  const { table, rope } = rotation(context, parts)
  const { heads, kvHeads, headSize, clip } = spec
  const { hiddenSize } = context.spec
  return {
    read: [
      matvecLaunch(context, {
        name: 'qkv_decode',
        linear: spec.qkv,
        rows: qkvRows(spec),
        columns: hiddenSize,
        norm: half.norm,
        epilogue: { kind: 'append', heads, kvHeads, headSize, rope, clip },
        input: half.input,
        outputs: [...table, slots.query, cache.keys, cache.values],
        row: scalars.row0,
      }),
      ...walkCache(context, spec, slots, cache),
    ],
    write: [
      matvecLaunch(context, {
        name: 'attention_output_decode',
        linear: spec.output,
        rows: hiddenSize,
        columns: heads * headSize,
        norm: null,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.attended,
        outputs: [half.residual],
        row: scalars.row0,
      }),
    ],
  }
}

export function prefillAttention(context: GraphContext, parts: Attention, half: Half): HalfLaunches {
  const { spec, slots, cache, prefix } = parts
  const { target } = context
  const { heads, kvHeads, headSize, clip } = spec
  const { hiddenSize } = context.spec
  const { tokens, position, capacity, window, sink, one } = scalars
  const { table, rope } = rotation(context, parts)
  const appended = { target, heads, kvHeads, headSize, rope, clip }
  const attended = { ...attentionOptions(context, spec), prefix: prefix !== null }
  return {
    read: [
      matmulLaunch(context, {
        name: 'qkv_prefill',
        linear: spec.qkv,
        rows: qkvRows(spec),
        columns: hiddenSize,
        epilogue: { kind: 'store', scale: 1 },
        input: half.input,
        output: slots.qkv,
      }),
      {
        kernel: context.kernel('append', (name) => append({ name, ...appended })),
        buffers: [slots.qkv, ...table, slots.query, cache.keys, cache.values],
        scalars: [tokens, position, capacity, sink],
        grid: [count('tokens', { multiply: Math.ceil(appendItemsPerToken(appended) / 256) }), one],
      },
      {
        kernel: context.kernel('attention_prefill', (name) => attentionPrefill({ name, ...attended })),
        buffers: [slots.query, cache.keys, cache.values, ...(prefix === null ? [] : [prefix.state]), slots.attended],
        scalars: [tokens, position, capacity, window, sink],
        grid: [constant(heads), count('tokens', { divide: attentionPrefillTile({ target }).queries })],
      },
    ],
    write: [
      matmulLaunch(context, {
        name: 'attention_output_prefill',
        linear: spec.output,
        rows: hiddenSize,
        columns: heads * headSize,
        epilogue: { kind: 'addResidual', scale: half.residualScale },
        input: slots.attended,
        output: half.residual,
      }),
    ],
  }
}

/** One token's query over the cache. */
function walkCache(
  context: GraphContext,
  spec: AttentionSpec,
  slots: AttentionSlots,
  cache: AttentionCache,
): readonly Launch[] {
  const heads = attentionOptions(context, spec)
  const whole = { ...heads, split: null }
  const split = { ...heads, split: { keys: attentionSplitKeys } }
  const short = { variable: 'occupied', minimum: 0, maximum: attentionSplitKeys } as const
  const long = { variable: 'occupied', minimum: attentionSplitKeys + 1, maximum: 2 ** 31 - 1 } as const
  const { length, capacity, window, sink, one } = scalars
  return [
    {
      kernel: context.kernel('attention_decode', (name) => attentionDecode({ name, ...whole })),
      buffers: [slots.query, cache.keys, cache.values, slots.attended],
      scalars: [length, capacity, window, sink],
      grid: [constant(attentionDecodeGroups({ name: '', ...whole })), one],
      only: short,
    },
    {
      kernel: context.kernel('attention_decode_split', (name) => attentionDecode({ name, ...split })),
      buffers: [slots.query, cache.keys, cache.values, slots.partial],
      scalars: [length, capacity, window, sink],
      grid: [
        constant(attentionDecodeGroups({ name: '', ...split })),
        count('occupied', { divide: attentionSplitKeys }),
      ],
      only: long,
    },
    {
      kernel: context.kernel('attention_merge', (name) => attentionMerge({ name, ...split })),
      buffers: [slots.partial, slots.attended],
      scalars: [count('occupied', { divide: attentionSplitKeys })],
      grid: [constant(attentionMergeGroups(split)), one],
      only: long,
    },
  ]
}

function attentionOptions({ target }: GraphContext, spec: AttentionSpec) {
  const { heads, kvHeads, headSize, scale, alibiSlopes, alibiRounding } = spec
  return { target, heads, kvHeads, headSize, scale, alibiSlopes, alibiRounding }
}

/** The table a rotation is bound to, and what the kernels need to know of it. */
function rotation(context: GraphContext, { spec: { rope }, prefix }: Attention) {
  if (rope === null) return { table: [] as readonly BufferRef[], rope: null }
  const { size, pairing, planes } = rope
  if (planes !== undefined) {
    if (prefix === null) throw new Error('a rotation of two planes needs a prefix')
    return { table: [prefix.turns(rope)], rope: { size, pairing, planes, shift: null } }
  }
  const { table, shift } = context.rope(rope)
  return { table: [table], rope: { size, pairing, shift } }
}

function qkvRows({ heads, kvHeads, headSize }: AttentionSpec): number {
  return (heads + 2 * kvHeads) * headSize
}
