// The contract between the graph and the runtime: everything a model library does, as data. The graph builds a plan, `library/` packs it beside
// the prebuilt runtime into a .wasm, and the AssemblyScript runtime walks it. No architecture has a name here.
import type { Kernel } from '../kernels/kernel.ts'

/**
 * Integers known only at run time.
 * - `one`: 1
 * - `tokens`: rows in this forward pass (from kv_state_begin_forward)
 * - `position`: absolute position of the first of them (tokens seen since kv_state_clear)
 * - `length`: position + tokens
 * - `capacity`: cache rows allocated per KV head: the context, or with a sliding window the window plus one prefill chunk, rounded up to 16; 0 with a
 *   recurrent state alone
 * - `occupied`: min(length, capacity): cache rows that hold a key once this pass has appended
 * - `chunk`: prefill chunk size
 * - `window`: sliding window in tokens, sink included; 2^31-1 without one
 * - `sink`: attention sink in tokens, 0 without one
 * - `elements0`..`elements5`: number of elements of tensor argument 0..5 of the VM function that was called
 */
export type Variable =
  | 'one'
  | 'tokens'
  | 'position'
  | 'length'
  | 'capacity'
  | 'occupied'
  | 'chunk'
  | 'window'
  | 'sink'
  | 'elements0'
  | 'elements1'
  | 'elements2'
  | 'elements3'
  | 'elements4'
  | 'elements5'
export const variables: readonly Variable[] = [
  'one',
  'tokens',
  'position',
  'length',
  'capacity',
  'occupied',
  'chunk',
  'window',
  'sink',
  'elements0',
  'elements1',
  'elements2',
  'elements3',
  'elements4',
  'elements5',
]

/** ceil(variable / divide) * multiply + add; all integers, the result at most 2^53 (sizes in bytes pass 2^32). */
export interface Count {
  readonly variable: Variable
  readonly divide: number
  readonly multiply: number
  readonly add: number
}

export function constant(value: number): Count {
  return { variable: 'one', divide: 1, multiply: 0, add: value }
}

export function count(variable: Variable, shape: { divide?: number; multiply?: number; add?: number } = {}): Count {
  return { variable, divide: shape.divide ?? 1, multiply: shape.multiply ?? 1, add: shape.add ?? 0 }
}

/** A GPU buffer a launch binds: a model parameter (index into `params`), a slot, a constant, or the n-th tensor argument of the VM function. */
export type BufferRef =
  | { readonly kind: 'param'; readonly index: number }
  | { readonly kind: 'slot'; readonly index: number }
  | { readonly kind: 'constant'; readonly index: number }
  | { readonly kind: 'argument'; readonly index: number }

export interface Launch {
  readonly kernel: Kernel
  /** One per binding of the kernel, in order. */
  readonly buffers: readonly BufferRef[]
  /** One per scalar of the kernel, in order. */
  readonly scalars: readonly Count[]
  /** Workgroups along x (any number, folded by the host) and y (at most 65535). A launch with 0 workgroups is skipped. */
  readonly grid: readonly [x: Count, y: Count]
  /** Launch only when minimum <= variable <= maximum. */
  readonly only?: { readonly variable: Variable; readonly minimum: number; readonly maximum: number }
}

export interface Slot {
  readonly name: string
  /** Size in bytes. Allocated once, when the KV state is created (chunk and capacity are known then; tokens is not). */
  readonly sizeBytes: Count
}

export interface Constant {
  readonly name: string
  /** Uploaded once, when the KV state is created. Length a multiple of 4. */
  readonly bytes: Uint8Array
}

export interface TensorResult {
  readonly slot: number
  readonly dtype: 'float32' | 'int32'
  readonly shape: readonly Count[]
}

/**
 * What a VM function gives back: nothing; one tensor over a slot; an Array holding one tensor (prefill, decode); or an Array of the call's own
 * tensor arguments (argsort_probs returns its input twice: the sampler needs no sort).
 */
export type Result =
  | { readonly kind: 'none' }
  | { readonly kind: 'tensor'; readonly tensor: TensorResult }
  | { readonly kind: 'array'; readonly tensor: TensorResult }
  | { readonly kind: 'arguments'; readonly indices: readonly number[] }

export interface Program {
  /** Name of the VM function, for example `prefill`, `decode`, `embed`, `softmax_with_temperature`. */
  readonly name: string
  /**
   * How the VM function is called. Tensor arguments are numbered among themselves, in call order; states and the params array do not count.
   * `forward` = (x, state or states, params): the runtime checks that x has hidden * tokens elements and, when it is not slot `inputSlot` already, copies it there.
   */
  readonly call: { readonly kind: 'plain' } | { readonly kind: 'forward'; readonly inputSlot: number }
  readonly launches: readonly Launch[]
  readonly result: Result
}

/**
 * What the model remembers of a conversation, web-llm's kv_state_kind: which of `create_tir_paged_kv_cache` and `create_rnn_state` are called. With
 * hybrid both give one and the same state. A recurrent state alone is created without naming a chunk, so the plan does; a conversation of such a
 * model ends only with the plan's positions. Recurrent kernels take position 0 for an empty state: neither clearing nor allocating writes any.
 */
export type StateKind =
  | { readonly kind: 'kv_cache' }
  | { readonly kind: 'rnn_state'; readonly chunkTokens: number }
  | { readonly kind: 'hybrid' }

export interface LibraryPlan {
  /** What `_metadata()` returns: JSON-serialisable; becomes ASCII-escaped JSON. Its kv_state_kind is the state's. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** Parameter names in the order of the params array (`param_module_from_cache_by_name`). */
  readonly params: readonly string[]
  /** Absolute positions the plan can address; kv_state_begin_forward raises when a conversation would pass them. */
  readonly maximumPositions: number
  readonly state: StateKind
  readonly slots: readonly Slot[]
  readonly constants: readonly Constant[]
  readonly programs: readonly Program[]
}
