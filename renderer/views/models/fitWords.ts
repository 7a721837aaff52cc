// Whether a model fits, in words with its numbers: a few for a mark, a sentence for a page.
import type { MemoryNeed, ModelNeeds } from '../../../shared/fit/needs.ts'
import { predictedSpeed } from '../../../shared/fit/speed.ts'
import type { Machine, Verdict } from '../../../shared/fit/verdict.ts'
import { formatBytes, formatNumber, formatSpeed } from '../../../shared/units.ts'
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

/** `about 20 tokens per second`, from what models reached here; without that, what the bandwidth allows at most. */
export function speedWords(speedTokensPerSecond: number | null, machine: Machine | null): string {
  if (speedTokensPerSecond === null) return 'not measured yet'
  const isBound = (machine?.speedSamples ?? []).length === 0
  return `${isBound ? 'up to' : 'about'} ${formatSpeed(speedTokensPerSecond)}`
}

export function predictedSpeedWords(needs: ModelNeeds, machine: Machine | null, tokens: number): string {
  const bandwidth = machine?.bandwidthBytesPerSecond ?? null
  if (machine === null || bandwidth === null) return 'not measured yet'
  return speedWords(predictedSpeed(needs, tokens, bandwidth, machine.speedSamples ?? []), machine)
}

/** At the start of a conversation and with a full context. */
export function speedSentence(needs: ModelNeeds, machine: Machine | null, contextTokens: number): string {
  if (machine === null || machine.bandwidthBytesPerSecond === null)
    return 'Its speed is predicted once the memory of this machine was measured.'
  const [first, last] = [0, contextTokens - 1].map((tokens) => predictedSpeedWords(needs, machine, tokens))
  const basis =
    (machine.speedSamples ?? []).length === 0
      ? 'as fast as this machine’s memory can be read'
      : 'from what models reached here'
  return `It writes ${first} at the start of a conversation, ${last} with a full context: ${basis}.`
}

/** A note of the catalogue, which is written like a part of a sentence, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
