import type { Problem } from './protocol.ts'

/** An expected failure of inference, as data. */
export class InferenceError extends Error {
  override readonly name = 'InferenceError'
  readonly problem: Problem
  constructor(problem: Problem) {
    super('detail' in problem ? `${problem.code}: ${problem.detail}` : problem.code)
    this.problem = problem
  }
}

/** Whatever was thrown, as a problem with the given code unless it carries its own. */
export function problemOf(error: unknown, code: 'load-failed' | 'write-failed'): Problem {
  if (error instanceof InferenceError) return error.problem
  return { code, detail: error instanceof Error ? error.message : String(error) }
}
