// Whether a model fits, in words with its numbers: a few for a mark, a sentence for a page.
import type { MemoryNeed, ModelNeeds } from '../../../shared/fit/needs.ts'
import { predictedSpeed } from '../../../shared/fit/speed.ts'
import type { Machine, Verdict } from '../../../shared/fit/verdict.ts'
import type { Fit } from '../../state/catalogueNeeds.ts'
import { bytesText, numberText, speedText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export type FitTone = 'good' | 'caution' | 'bad' | 'plain'

export interface FitMarkWords {
  readonly tone: FitTone
  readonly words: string
}

export function fitMark(fit: Fit): FitMarkWords {
  switch (fit.kind) {
    case 'computing':
      return { tone: 'plain', words: t('models.fit.computing') }
    case 'unknown':
      return { tone: 'plain', words: t('models.fit.unknown') }
    case 'unmeasured':
      return { tone: 'plain', words: t('models.fit.weights', { size: bytesText(fit.needs.weightsBytes) }) }
    case 'judged':
      return verdictMark(fit.verdict)
    default:
      return fit satisfies never
  }
}

export function verdictMark(verdict: Verdict): FitMarkWords {
  switch (verdict.kind) {
    case 'fits':
      return { tone: 'good', words: t('models.fit.fits') }
    case 'fits-with-smaller-context':
      return { tone: 'caution', words: t('models.fit.fitsSmaller', { tokens: numberText(verdict.contextTokens) }) }
    case 'does-not-fit': {
      const { problem } = verdict
      const needBytes = problem.kind === 'memory' ? problem.needBytes : verdict.memory.totalBytes
      return { tone: 'bad', words: t('models.fit.doesNotFit', { size: bytesText(needBytes) }) }
    }
    default:
      return verdict satisfies never
  }
}

/** One or two sentences. `haveBytes`: memory that models may take here. */
export function verdictSentence(verdict: Verdict, haveBytes: number): string {
  const memoryText = ({ totalBytes }: MemoryNeed) => bytesText(totalBytes)
  const have = bytesText(haveBytes)
  switch (verdict.kind) {
    case 'fits':
      return t('models.fit.fitsSentence', {
        memory: memoryText(verdict.memory),
        have,
        tokens: numberText(verdict.contextTokens),
      })
    case 'fits-with-smaller-context':
      return t('models.fit.smallerSentence', {
        tokens: numberText(verdict.contextTokens),
        memory: memoryText(verdict.memory),
        have,
        wanted: numberText(verdict.wantedContextTokens),
        wantedMemory: memoryText(verdict.wantedMemory),
      })
    case 'does-not-fit': {
      const { problem } = verdict
      return problem.kind === 'memory'
        ? t('models.fit.memorySentence', { need: bytesText(problem.needBytes), have: bytesText(problem.haveBytes) })
        : t('models.fit.bufferSentence', {
            need: bytesText(problem.buffer.sizeBytes),
            have: bytesText(problem.haveBytes),
          })
    }
    default:
      return verdict satisfies never
  }
}

/** `about 20 tokens per second`, from what models reached here; without that, what the bandwidth allows at most. */
export function speedWords(speedTokensPerSecond: number | null, machine: Machine | null): string {
  if (speedTokensPerSecond === null) return t('models.fit.notMeasured')
  const isBound = (machine?.speedSamples ?? []).length === 0
  return t(isBound ? 'models.fit.upTo' : 'models.fit.about', { speed: speedText(speedTokensPerSecond) })
}

export function predictedSpeedWords(needs: ModelNeeds, machine: Machine | null, tokens: number): string {
  const bandwidth = machine?.bandwidthBytesPerSecond ?? null
  if (machine === null || bandwidth === null) return t('models.fit.notMeasured')
  return speedWords(predictedSpeed(needs, tokens, bandwidth, machine.speedSamples ?? []), machine)
}

/** At the start of a conversation and with a full context. */
export function speedSentence(needs: ModelNeeds, machine: Machine | null, contextTokens: number): string {
  if (machine === null || machine.bandwidthBytesPerSecond === null) return t('models.fit.speedLater')
  const first = predictedSpeedWords(needs, machine, 0)
  const last = predictedSpeedWords(needs, machine, contextTokens - 1)
  const basis =
    (machine.speedSamples ?? []).length === 0 ? t('models.fit.basisBandwidth') : t('models.fit.basisMeasured')
  return t('models.fit.speedSentence', { first, last, basis })
}

/** A note of the catalogue, which is written like a part of a sentence, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
