// Between errors and the problems that jobs keep: what was thrown becomes data for the disk and the window, and an error again for who waits for the job.
import { CompileError } from '../../../shared/errors.ts'
import type { HubProblem, ServiceProblem } from '../../../shared/problems.ts'
import { HubError } from '../hub/problem.ts'
import { ServiceError } from '../serviceError.ts'

const hubCodes: ReadonlySet<string> = new Set([
  'bad-name',
  'missing',
  'gated',
  'disabled',
  'token-refused',
  'rate-limited',
  'link-expired',
  'offline',
  'server',
  'changed',
  'unexpected',
  'switched-off',
] satisfies readonly HubProblem['code'][])

/** Of an expected failure; null for a bug. */
export function expectedProblem(error: unknown): ServiceProblem | null {
  if (error instanceof HubError || error instanceof ServiceError) return error.problem
  if (error instanceof CompileError) {
    const start = `${error.file}: `
    const detail = error.message.startsWith(start) ? error.message.slice(start.length) : error.message
    return { code: 'does-not-compile', file: error.file, detail }
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return { code: 'disk-full', needBytes: 0, freeBytes: 0 }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'EIO')
    return { code: 'store-unusable', detail: code }
  return null
}

/** What a job keeps of anything thrown. */
export function problemOf(error: unknown): ServiceProblem {
  const detail = error instanceof Error ? error.message : String(error)
  return expectedProblem(error) ?? { code: 'stopped-itself', detail: detail.slice(0, 300) }
}

export function errorOf(problem: ServiceProblem): HubError | ServiceError {
  return isOfHub(problem) ? new HubError(problem) : new ServiceError(problem)
}

function isOfHub(problem: ServiceProblem): problem is HubProblem {
  return hubCodes.has(problem.code)
}
