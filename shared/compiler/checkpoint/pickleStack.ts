// Stack, marks and memo of a pickle, with bounds: far above what any checkpoint needs, far below what a process cannot hold.
import { PickleProblem, type PickleValue } from './pickleValue.ts'

const maximumValues = 1_000_000
const maximumStack = 1_000_000

export interface PickleStack<T> {
  /** A value that exists already, or takes no memory of its own. */
  readonly push: (value: PickleValue<T>) => void
  /** A value just made: counted. */
  readonly pushNew: (value: PickleValue<T>) => void
  readonly top: () => PickleValue<T>
  readonly pop: () => PickleValue<T>
  readonly popLast: (count: number) => readonly PickleValue<T>[]
  readonly mark: () => void
  readonly popToMark: () => readonly PickleValue<T>[]
  readonly remember: (key: number) => void
  readonly recall: (key: number) => void
  readonly memoSize: () => number
  /** The one value that is left. */
  readonly result: () => PickleValue<T>
}

export function createPickleStack<T>(): PickleStack<T> {
  const stack: PickleValue<T>[] = []
  const marks: number[] = []
  const memo = new Map<number, PickleValue<T>>()
  let made = 0
  const push = (value: PickleValue<T>) => {
    if (stack.length >= maximumStack) throw new PickleProblem(`more than ${maximumStack} values on the stack`)
    stack.push(value)
  }
  const top = (): PickleValue<T> => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw new PickleProblem('an operation lacks its value')
    return stack[stack.length - 1] as PickleValue<T>
  }
  const pop = (): PickleValue<T> => {
    const value = top()
    stack.pop()
    return value
  }
  return {
    push,
    pushNew(value) {
      if (++made > maximumValues) throw new PickleProblem(`more than ${maximumValues} values`)
      push(value)
    },
    top,
    pop,
    popLast: (count) => Array.from({ length: count }, pop).reverse(),
    mark() {
      if (marks.length >= maximumStack) throw new PickleProblem(`more than ${maximumStack} marks`)
      marks.push(stack.length)
    },
    popToMark() {
      const mark = marks.pop()
      if (mark === undefined) throw new PickleProblem('an operation lacks its mark')
      return stack.splice(mark)
    },
    remember(key) {
      if (memo.size >= maximumValues) throw new PickleProblem(`more than ${maximumValues} values to remember`)
      memo.set(key, top())
    },
    recall(key) {
      const value = memo.get(key)
      if (value === undefined) throw new PickleProblem(`nothing is remembered as ${key}`)
      push(value)
    },
    memoSize: () => memo.size,
    result() {
      const value = pop()
      if (stack.length > 0 || marks.length > 0) throw new PickleProblem('the pickle ends with values left over')
      return value
    },
  }
}
