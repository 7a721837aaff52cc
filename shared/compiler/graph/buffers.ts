// The buffers of a plan by name: parameters, slots and constants, and the references launches use.
import type { Parameter } from '../architectures/spec.ts'
import type { BufferRef, Constant, Count, Slot } from '../library/plan.ts'

export interface Buffers {
  /** A parameter by its stored name; throws when the model has none of that name. */
  readonly param: (name: string) => BufferRef
  /** Declares a slot; names are unique. */
  readonly slot: (name: string, sizeBytes: Count) => BufferRef & { readonly kind: 'slot' }
  readonly constant: (name: string, bytes: Uint8Array) => BufferRef
  readonly slots: readonly Slot[]
  readonly constants: readonly Constant[]
}

export function createBuffers(params: readonly Parameter[]): Buffers {
  const indexOf = new Map(params.map((param, index) => [param.name, index]))
  const slots: Slot[] = []
  const constants: Constant[] = []
  return {
    param(name) {
      const index = indexOf.get(name)
      if (index === undefined) throw new Error(`the graph reads ${name}, which is no parameter of this model`)
      return { kind: 'param', index }
    },
    slot(name, sizeBytes) {
      if (slots.some((slot) => slot.name === name)) throw new Error(`slot ${name} declared twice`)
      slots.push({ name, sizeBytes })
      return { kind: 'slot', index: slots.length - 1 }
    },
    constant(name, bytes) {
      constants.push({ name, bytes })
      return { kind: 'constant', index: constants.length - 1 }
    },
    slots,
    constants,
  }
}
