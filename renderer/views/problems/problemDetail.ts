// What stands beneath a problem's sentences: the file, host or number at fault, and the machine's own words where there are some. Those are English in
// every language; all that is known as data is worded here.
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import type { AnyProblem } from './registry.ts'

/** Empty where the sentences say everything. */
export function problemDetail(problem: AnyProblem): string {
  switch (problem.code) {
    case 'too-long':
    case 'context-full':
    case 'does-not-fit':
    case 'rate-limited':
    case 'disk-full':
    case 'chats-gone':
    case 'chats-read-only':
    case 'chats-in-use':
      return ''
    case 'missing':
    case 'gated':
    case 'disabled':
    case 'token-refused':
    case 'link-expired':
    case 'not-installed':
    case 'already-installed':
      return problem.name
    case 'switched-off':
      return problem.host
    case 'damaged-file':
      return problem.block === null
        ? problem.file
        : t('problems.block', { file: problem.file, block: String(problem.block) })
    case 'server':
      return t('problems.server.detail', { host: problem.host, status: String(problem.status) })
    case 'wrong-bytes': {
      const { file, expected, actual } = problem
      return t('problems.wrong-bytes.detail', { file, expected, actual })
    }
    case 'no-chats-in-file':
      return `${problem.file}: ${fileReason(problem.reason)}`
    case 'bad-name':
      return `${JSON.stringify(problem.name.slice(0, 200))}: ${problem.detail}`
    case 'changed':
      return `${problem.name}: ${problem.detail}`
    case 'offline':
    case 'unexpected':
      return `${problem.host}: ${problem.detail}`
    case 'does-not-compile':
      return problem.file === '' ? problem.detail : `${problem.file}: ${problem.detail}`
    case 'no-webgpu':
    case 'no-adapter':
    case 'load-failed':
    case 'write-failed':
    case 'not-a-number':
    case 'bad-schema':
    case 'device-lost':
    case 'out-of-memory':
    case 'store-in-use':
    case 'store-unusable':
    case 'stopped-itself':
    case 'chats-unusable':
    case 'chats-damaged':
    case 'chats-conflict':
    case 'not-saved':
    case 'invalid-input':
    case 'not-allowed':
    case 'internal':
    case 'unknown':
      return problem.detail
    default:
      return problem satisfies never
  }
}

function fileReason(reason: Extract<AnyProblem, { readonly code: 'no-chats-in-file' }>['reason']): string {
  switch (reason.kind) {
    case 'no-file':
      return t('problems.no-chats-in-file.noFile')
    case 'too-large':
      return t('problems.no-chats-in-file.tooLarge', { most: bytesText(reason.mostBytes) })
    case 'not-readable':
      return t('problems.no-chats-in-file.notReadable', { cause: reason.cause })
    default:
      return reason satisfies never
  }
}
