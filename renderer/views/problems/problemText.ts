// A problem in words: what happened, what to do about it, which button helps, and what is known beyond that.
import { InferenceError } from '../../inference/inferenceError.ts'
import { RequestFailed } from '../../ipc.ts'
import { problemDetail } from './problemDetail.ts'
import { type AnyProblem, type Entry, type Mistake, type NextStep, registry } from './registry.ts'

export interface ProblemText {
  readonly title: string
  readonly advice: string
  readonly detail: string
  readonly step: NextStep
  /** Whose page on the Hub the advice speaks of; null where it speaks of none. */
  readonly page: string | null
}

export function problemText(problem: AnyProblem): ProblemText {
  // The list has for each code the entry of just that problem.
  const { title, advice, step } = registry[problem.code] as Entry<AnyProblem['code']>
  return {
    title: title(problem),
    advice: advice(problem),
    detail: problemDetail(problem),
    step: step(problem),
    page: problem.code === 'gated' ? problem.name : null,
  }
}

/** Of anything that a request or the engine threw. */
export function failureText(error: unknown): ProblemText {
  if (error instanceof InferenceError) return problemText(error.problem)
  if (!(error instanceof RequestFailed)) return problemText({ code: 'unknown', detail: reasonOf(error) })
  if (error.problem !== null) return problemText(error.problem)
  const code = error.code === 'failed' ? 'unknown' : error.code
  return problemText({ code, detail: error.message } satisfies Mistake)
}

/** The same in one line, to stand behind a colon. */
export function failureLine(error: unknown): string {
  const { title, detail } = failureText(error)
  return detail === '' ? title : `${title} (${detail})`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
