// A problem in words: what happened, what to do about it, which button helps, and the machine's own words, which are English in every language.
import { problemSentence, type ServiceProblem } from '../../../shared/problems.ts'
import { RequestFailed } from '../../ipc.ts'
import { t } from '../../words/words.ts'
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
    detail: detailOf(problem),
    step: step(problem),
    page: problem.code === 'gated' ? problem.name : null,
  }
}

/** Of anything that a request threw. */
export function failureText(error: unknown): ProblemText {
  if (!(error instanceof RequestFailed)) return problemText({ code: 'unknown', detail: reasonOf(error) })
  if (error.problem !== null) return problemText(error.problem)
  const code = error.code === 'failed' ? 'unknown' : error.code
  return problemText({ code, detail: error.message } satisfies Mistake)
}

function detailOf(problem: AnyProblem): string {
  switch (problem.code) {
    case 'no-webgpu':
    case 'no-adapter':
    case 'load-failed':
    case 'write-failed':
    case 'not-a-number':
    case 'bad-schema':
    case 'device-lost':
    case 'out-of-memory':
    case 'invalid-input':
    case 'not-allowed':
    case 'internal':
    case 'unknown':
      return problem.detail
    case 'too-long':
    case 'context-full':
    case 'does-not-fit':
      return ''
    case 'damaged-file':
      return problem.block === null
        ? problem.file
        : t('problems.block', { file: problem.file, block: String(problem.block) })
    default:
      return problemSentence(problem satisfies ServiceProblem)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
