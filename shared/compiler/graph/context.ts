// What every part of the graph is given: the model, the library it is made for, its buffers, and the kernels made so far.
import type { DecoderSpec, RopeSpec } from '../architectures/spec.ts'
import type { Kernel } from '../kernels/kernel.ts'
import { ropeTable } from '../kernels/rope.ts'
import type { LibraryTarget, WeightFormat } from '../kernels/target.ts'
import { type BufferRef, constant, count, type Launch } from '../library/plan.ts'
import type { Buffers } from './buffers.ts'

export interface GraphContext {
  readonly spec: DecoderSpec
  readonly format: WeightFormat
  readonly target: LibraryTarget
  readonly buffers: Buffers
  /** The kernel that `make` gives under this name, or under the name with a number when layers of other shapes took it. */
  readonly kernel: (name: string, make: (name: string) => Kernel) => Kernel
  readonly rope: (rope: RopeSpec) => { readonly table: BufferRef; readonly shift: number }
}

export type Slot = BufferRef & { readonly kind: 'slot' }

/** A layer half's launches: those that read its input, then those that write the residual stream. */
export interface HalfLaunches {
  readonly read: readonly Launch[]
  readonly write: readonly Launch[]
}

export const scalars = {
  row0: constant(0),
  one: constant(1),
  position: count('position'),
  capacity: count('capacity'),
  length: count('length'),
  window: count('window'),
  sink: count('sink'),
  tokens: count('tokens'),
} as const

export function createContext(
  model: Pick<GraphContext, 'spec' | 'format' | 'target' | 'buffers'>,
  positions: number,
): GraphContext {
  const kernels = new Map<string, Kernel>()
  const tables = new Map<string, ReturnType<GraphContext['rope']>>()
  return {
    ...model,
    kernel(base, make) {
      for (let number = 1; ; number++) {
        const name = number === 1 ? base : `${base}_${number}`
        const made = make(name)
        const known = kernels.get(name)
        if (known === undefined) kernels.set(name, made)
        if (known === undefined || known.wgsl === made.wgsl) return known ?? made
      }
    },
    rope(rope) {
      const key = JSON.stringify(rope)
      const known = tables.get(key)
      if (known !== undefined) return known
      const { bytes, shift } = ropeTable(rope, positions)
      const name = tables.size === 0 ? 'rope_table' : `rope_table_${tables.size + 1}`
      const made = { table: model.buffers.constant(name, bytes), shift }
      tables.set(key, made)
      return made
    },
  }
}

/** A slot of float32 rows, one per token of a chunk. */
export function perChunk(buffers: Buffers, name: string, floats: number): Slot {
  return buffers.slot(name, count('chunk', { multiply: floats * 4 }))
}
