// An expected failure of the store, of an installation or of the chats, thrown. The classes and their sentences stand in shared/problems.ts; those of a Hub are HubErrors.
import { type ChatsProblem, type InstallProblem, problemSentence, type StoreProblem } from '../../shared/problems.ts'

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly problem: StoreProblem | InstallProblem | ChatsProblem
  constructor(problem: StoreProblem | InstallProblem | ChatsProblem, options?: { cause?: unknown }) {
    super(problemSentence(problem), options)
    this.problem = problem
  }
}
