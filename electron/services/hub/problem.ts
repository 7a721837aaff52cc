// What can go wrong with a Hub, thrown. The classes and their sentences stand in shared/problems.ts.
import { type HubProblem, problemSentence } from '../../../shared/problems.ts'

export type { HubProblem } from '../../../shared/problems.ts'

/** An expected failure, as data. Its message carries no address with a query: signed addresses are secrets. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly problem: HubProblem
  constructor(problem: HubProblem, options?: { cause?: unknown }) {
    super(problemSentence(problem), options)
    this.problem = problem
  }
}
