// GPU memory of a plan, in bytes, before anything is allocated: the same arithmetic the runtime does when web-llm creates the KV cache.
import type { Parameter } from '../architectures/spec.ts'
import type { Count, LibraryPlan, Variable } from '../library/plan.ts'

export interface PlanMemory {
  readonly weightsBytes: number
  readonly cacheBytes: number
  readonly workingBytes: number
}

/** Cache rows per KV head for a context or window of `contextTokens`: what the runtime allocates. */
export function cacheCapacity(contextTokens: number, chunkTokens: number, sliding: boolean): number {
  return Math.ceil((contextTokens + (sliding ? chunkTokens : 0)) / 16) * 16
}

/** Memory for one conversation of `contextTokens` (the window when sliding). Cache slots are those whose name starts with `cache.`. */
export function planMemory(
  plan: LibraryPlan,
  params: readonly Parameter[],
  options: { readonly contextTokens: number; readonly chunkTokens: number; readonly sliding: boolean },
): PlanMemory {
  const capacity = cacheCapacity(options.contextTokens, options.chunkTokens, options.sliding)
  const known = new Map<Variable, number>([
    ['one', 1],
    ['chunk', options.chunkTokens],
    ['capacity', capacity],
  ])
  const slotBytes = plan.slots.map((slot) => ({ name: slot.name, bytes: evaluateCount(slot.sizeBytes, known) }))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    weightsBytes: sum(params.map(parameterBytes)),
    cacheBytes: sum(slotBytes.filter(({ name }) => name.startsWith('cache.')).map(({ bytes }) => bytes)),
    workingBytes:
      sum(slotBytes.filter(({ name }) => !name.startsWith('cache.')).map(({ bytes }) => bytes)) +
      sum(plan.constants.map(({ bytes }) => bytes.length)),
  }
}

export function parameterBytes(param: Parameter): number {
  const elementBytes = param.dtype === 'float16' ? 2 : 4
  return Math.ceil((param.shape.reduce((product, size) => product * size, 1) * elementBytes) / 4) * 4
}

/** Throws when the count depends on a variable that is not among the known ones. */
export function evaluateCount(count: Count, known: ReadonlyMap<Variable, number>): number {
  const value = known.get(count.variable)
  if (value === undefined)
    throw new Error(`a size depends on ${count.variable}, which is not known before a forward pass`)
  return Math.ceil(value / count.divide) * count.multiply + count.add
}
