// What a plan means, in plain TypeScript: the oracle for the runtime.
import type { BufferRef, Count, LibraryPlan, Variable } from '../../shared/compiler/library/plan.ts'

export interface Conversation {
  readonly tokens: number
  readonly position: number
  readonly capacity: number
  readonly chunk: number
  readonly window: number
  readonly sink: number
  /** Elements of each tensor argument. */
  readonly elements: readonly number[]
}

export interface ExpectedLaunch {
  readonly kernel: string
  readonly buffers: readonly BufferRef[]
  readonly scalars: readonly number[]
  readonly grid: readonly number[]
}

export function evaluate(count: Count, conversation: Conversation): number {
  return Math.ceil(variable(count.variable, conversation) / count.divide) * count.multiply + count.add
}

/** The launches of a program, in order. */
export function launchesOf(plan: LibraryPlan, program: string, conversation: Conversation): readonly ExpectedLaunch[] {
  const found = plan.programs.find(({ name }) => name === program)
  if (found === undefined) throw new Error(`no program ${program}`)
  return found.launches.flatMap(({ kernel, buffers, scalars, grid, only }) => {
    const value = only === undefined ? 0 : variable(only.variable, conversation)
    const size = grid.map((count) => evaluate(count, conversation))
    if (only !== undefined && (value < only.minimum || value > only.maximum)) return []
    if (size.includes(0)) return []
    const values = scalars.map((scalar) => evaluate(scalar, conversation))
    return [{ kernel: kernel.name, buffers, scalars: values, grid: size }]
  })
}

function variable(name: Variable, conversation: Conversation): number {
  const { tokens, position, capacity, chunk, window, sink, elements } = conversation
  switch (name) {
    case 'one':
      return 1
    case 'tokens':
      return tokens
    case 'position':
      return position
    case 'length':
      return position + tokens
    case 'capacity':
      return capacity
    case 'occupied':
      return Math.min(position + tokens, capacity)
    case 'chunk':
      return chunk
    case 'window':
      return window
    case 'sink':
      return sink
    default:
      return elements[Number(name.slice('elements'.length))] ?? 0
  }
}
