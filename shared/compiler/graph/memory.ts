// GPU memory of a plan, in bytes, before anything is allocated: the same arithmetic the runtime does when web-llm creates the KV cache. Everything that
// says how much memory a model takes goes through `memoryOf`.
import type { Parameter } from '../architectures/spec.ts'
import type { Count, LibraryPlan, Variable } from '../library/plan.ts'

export interface PlanMemory {
  readonly weightsBytes: number
  /** Keys and values, or the state of a recurrent model. */
  readonly cacheBytes: number
  readonly workingBytes: number
}

/** What of a plan decides its memory, kept without the plan. */
export interface PlanSizes {
  readonly weightsBytes: number
  readonly constantsBytes: number
  readonly slots: readonly { readonly name: string; readonly sizeBytes: Count }[]
}

/** One conversation. `contextTokens` is the window when the model slides. */
export interface ContextShape {
  readonly contextTokens: number
  readonly chunkTokens: number
  readonly sliding: boolean
}

/** A GPU buffer, bound as a whole. */
export interface Buffer {
  readonly name: string
  readonly sizeBytes: number
}

/** Cache rows per KV head for a context or window of `contextTokens`: what the runtime allocates. */
export function cacheCapacity(contextTokens: number, chunkTokens: number, sliding: boolean): number {
  return Math.ceil((contextTokens + (sliding ? chunkTokens : 0)) / 16) * 16
}

export function planMemory(plan: LibraryPlan, params: readonly Parameter[], shape: ContextShape): PlanMemory {
  return memoryOf(sizesOf(plan, params), shape)
}

export function sizesOf(plan: LibraryPlan, params: readonly Parameter[]): PlanSizes {
  return {
    weightsBytes: sum(params.map(parameterBytes)),
    constantsBytes: sum(plan.constants.map(({ bytes }) => bytes.length)),
    slots: plan.slots.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
  }
}

export function memoryOf(sizes: PlanSizes, shape: ContextShape): PlanMemory {
  const slots = slotBuffers(sizes, shape)
  const cacheBytes = sum(slots.filter(isCache).map(({ sizeBytes }) => sizeBytes))
  const slotBytes = sum(slots.map(({ sizeBytes }) => sizeBytes))
  return { weightsBytes: sizes.weightsBytes, cacheBytes, workingBytes: slotBytes - cacheBytes + sizes.constantsBytes }
}

/** The buffers that the runtime makes for a conversation. */
export function slotBuffers({ slots }: PlanSizes, shape: ContextShape): readonly Buffer[] {
  const known = new Map<Variable, number>([
    ['one', 1],
    ['chunk', shape.chunkTokens],
    ['capacity', cacheCapacity(shape.contextTokens, shape.chunkTokens, shape.sliding)],
  ])
  return slots.map(({ name, sizeBytes }) => ({ name, sizeBytes: evaluateCount(sizeBytes, known) }))
}

/** Whether a slot outlives a forward pass. */
export function isCache({ name }: { readonly name: string }): boolean {
  return name.startsWith('cache.')
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
