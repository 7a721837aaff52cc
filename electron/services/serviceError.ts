// An expected failure of the store or of an installation, thrown. The classes and their sentences stand in shared/problems.ts; those of a Hub are HubErrors.
import { type InstallProblem, problemSentence, type StoreProblem } from '../../shared/problems.ts'

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly problem: StoreProblem | InstallProblem
  constructor(problem: StoreProblem | InstallProblem, options?: { cause?: unknown }) {
    super(problemSentence(problem), options)
    this.problem = problem
  }
}
