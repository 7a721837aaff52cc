// Whether a model fits, in words with its numbers: a few for a mark, a sentence for a page.
import type { MemoryNeed } from '../../../shared/fit/needs.ts'
import type { Verdict } from '../../../shared/fit/verdict.ts'
import { formatBytes, formatNumber } from '../../../shared/units.ts'
import type { Fit } from '../../state/catalogueNeeds.ts'

export type FitTone = 'good' | 'caution' | 'bad' | 'plain'

export interface FitMarkWords {
  readonly tone: FitTone
  readonly words: string
}

export function fitMark(fit: Fit): FitMarkWords {
  switch (fit.kind) {
    case 'computing':
      return { tone: 'plain', words: 'being worked out' }
    case 'unknown':
      return { tone: 'plain', words: 'size not known' }
    case 'unmeasured':
      return { tone: 'plain', words: `${formatBytes(fit.needs.weightsBytes)} of weights` }
    case 'judged':
      return verdictMark(fit.verdict)
    default:
      return fit satisfies never
  }
}

export function verdictMark(verdict: Verdict): FitMarkWords {
  switch (verdict.kind) {
    case 'fits':
      return { tone: 'good', words: 'fits' }
    case 'fits-with-smaller-context':
      return { tone: 'caution', words: `fits with ${formatNumber(verdict.contextTokens)} tokens` }
    case 'does-not-fit': {
      const { problem } = verdict
      const needBytes = problem.kind === 'memory' ? problem.needBytes : verdict.memory.totalBytes
      return { tone: 'bad', words: `does not fit: needs ${formatBytes(needBytes)}` }
    }
    default:
      return verdict satisfies never
  }
}

/** One or two sentences. `haveBytes`: memory that models may take here. */
export function verdictSentence(verdict: Verdict, haveBytes: number): string {
  const memory = ({ totalBytes }: MemoryNeed) => formatBytes(totalBytes)
  const tokens = (count: number) => `${formatNumber(count)} tokens of context`
  switch (verdict.kind) {
    case 'fits':
      return `It fits: it takes ${memory(verdict.memory)} of the ${formatBytes(haveBytes)} that models may take here, with ${tokens(verdict.contextTokens)}.`
    case 'fits-with-smaller-context':
      return `It fits with ${tokens(verdict.contextTokens)}, which take ${memory(verdict.memory)} of the ${formatBytes(haveBytes)} that models may take here. With ${formatNumber(verdict.wantedContextTokens)} tokens it would take ${memory(verdict.wantedMemory)}.`
    case 'does-not-fit': {
      const { problem } = verdict
      return problem.kind === 'memory'
        ? `It does not fit: even with a small context it takes ${formatBytes(problem.needBytes)}, and models may take ${formatBytes(problem.haveBytes)} here.`
        : `It does not fit: its largest part takes ${formatBytes(problem.buffer.sizeBytes)} in one piece, and this graphics adapter takes at most ${formatBytes(problem.haveBytes)}.`
    }
    default:
      return verdict satisfies never
  }
}

/** A note of the catalogue, which is written like a part of a sentence, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
