// Memory of a model by context, as a slider with a bar and numbers, the verdict in words, and the speed that memory allows.
import { type ModelNeeds, memoryAt } from '../../../shared/fit/needs.ts'
import type { Machine, Verdict } from '../../../shared/fit/verdict.ts'
import { Button } from '../../ui/Button.tsx'
import { Slider } from '../../ui/Slider.tsx'
import { bytesText, numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { FitChip } from './chips.tsx'
import { speedSentence, verdictMark, verdictSentence } from './fitWords.ts'

export interface FitPanelProps {
  readonly needs: ModelNeeds
  /** null: not measured yet. */
  readonly machine: Machine | null
  /** For the context that is chosen; null without a machine. */
  readonly verdict: Verdict | null
  /** null: the usual one. */
  readonly contextTokens: number | null
  readonly onContext: (contextTokens: number) => void
}

export function FitPanel({ needs, machine, verdict, contextTokens, onContext }: FitPanelProps) {
  const steps = contextSteps(needs.contextTokens)
  const wanted = contextTokens ?? Math.min(needs.usualContextTokens, needs.contextTokens)
  const memory = memoryAt(needs, wanted)
  return (
    <div className="fit">
      <Slider
        label={t('models.fit.context')}
        hint={t('models.fit.contextHint')}
        value={steps.findIndex((step) => step >= wanted)}
        text={t('models.tokens', { number: numberText(wanted) })}
        min={0}
        max={steps.length - 1}
        step={1}
        onChange={(index) => onContext(steps[index] ?? wanted)}
      />
      <MemoryBar
        parts={[
          { name: 'weights', sizeBytes: memory.weightsBytes },
          { name: 'cache', sizeBytes: memory.cacheBytes },
          { name: 'working', sizeBytes: memory.workingBytes },
        ]}
        limitBytes={machine?.memoryBytes ?? null}
      />
      {machine === null || verdict === null ? (
        <p>{t('models.fit.willTake', { memory: bytesText(memory.totalBytes) })}</p>
      ) : (
        <div className="verdict" role="status">
          <FitChip mark={verdictMark(verdict)} />
          <p>{verdictSentence(verdict, machine.memoryBytes)}</p>
        </div>
      )}
      {verdict?.kind === 'fits-with-smaller-context' && verdict.contextTokens !== wanted ? (
        <Button
          label={t('models.fit.use', { tokens: numberText(verdict.contextTokens) })}
          onPress={() => onContext(verdict.contextTokens)}
        />
      ) : null}
      <p className="soft">{speedSentence(needs, machine, wanted)}</p>
    </div>
  )
}

interface MemoryBarProps {
  readonly parts: readonly { readonly name: 'weights' | 'cache' | 'working'; readonly sizeBytes: number }[]
  readonly limitBytes: number | null
}

/** The bar is for the eye; the same numbers stand below it. */
function MemoryBar({ parts, limitBytes }: MemoryBarProps) {
  const totalBytes = parts.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
  const fullBytes = Math.max(totalBytes, limitBytes ?? 0)
  const share = (sizeBytes: number) => `${(100 * sizeBytes) / fullBytes}%`
  return (
    <div className="memory">
      <div className="memory-bar" aria-hidden="true">
        {parts.map(({ name, sizeBytes }) => (
          <span key={name} className={`memory-part memory-${name}`} style={{ width: share(sizeBytes) }} />
        ))}
        {limitBytes === null || limitBytes >= fullBytes ? null : (
          <span className="memory-limit" style={{ insetInlineStart: share(limitBytes) }} />
        )}
      </div>
      <dl className="memory-list">
        {parts.map(({ name, sizeBytes }) => (
          <div key={name}>
            <dt>
              <span className={`memory-key memory-${name}`} aria-hidden="true" />
              {t(`models.fit.parts.${name}`)}
            </dt>
            <dd>{bytesText(sizeBytes)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('models.fit.together')}</dt>
          <dd>{bytesText(totalBytes)}</dd>
        </div>
      </dl>
    </div>
  )
}

/** Contexts that the slider stops at: doublings and what lies halfway, up to what the model was trained for. */
export function contextSteps(largestTokens: number): readonly number[] {
  const steps: number[] = []
  for (let tokens = 512; tokens < largestTokens; tokens *= 2) {
    steps.push(tokens)
    if (tokens * 1.5 < largestTokens) steps.push(tokens * 1.5)
  }
  return [...steps, largestTokens]
}
