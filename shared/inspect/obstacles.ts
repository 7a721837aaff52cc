// What stands in the way of compiling, collected: a look goes on after the first obstacle, because the rest is worth knowing too.
import { CompileError } from '../errors.ts'

export interface Obstacles {
  /** Sentences, in the order found. */
  readonly found: string[]
  /** The result of the work; null where it met an obstacle. Rejects with anything but a CompileError. */
  attempt<T>(work: () => Promise<T> | T): Promise<T | null>
}

export function collectObstacles(): Obstacles {
  const found: string[] = []
  return {
    found,
    async attempt(work) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof CompileError)) throw error
        found.push(error.message)
        return null
      }
    },
  }
}
