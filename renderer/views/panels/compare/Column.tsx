// One model's answer: how far it is, the text, how fast it came, and the button that takes it over.
import { CornerUpLeft } from 'lucide-react'
import { useId } from 'react'
import type { CompareColumn } from '../../../state/compareColumn.ts'
import { Button } from '../../../ui/Button.tsx'
import { FactList } from '../../../ui/FactList.tsx'
import { Progress } from '../../../ui/Progress.tsx'
import { decimalText, durationText, speedText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'
import { problemText } from '../../problems/problemText.ts'
import { Reading } from '../../reading/Reading.tsx'

export interface ColumnProps {
  readonly column: CompareColumn
  readonly canAdopt: boolean
  readonly onAdopt: () => void
  readonly onLink: (address: string) => void
}

export function Column({ column, canAdopt, onAdopt, onLink }: ColumnProps) {
  const { model, state, text, omitted, isAdopted } = column
  const { title } = model.manifest
  const id = useId()
  const problem = state.kind === 'failed' ? problemText(state.problem) : null
  return (
    <section className="compare-column" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className="field-label">
        {title}
      </h3>
      {state.kind === 'loading' ? (
        <Progress label={t('compare.state.loading')} fraction={state.progress.fraction} />
      ) : (
        <p className="field-hint">{stateText(column)}</p>
      )}
      <div className="compare-text">
        {text === '' ? (
          <p className="field-hint">{state.kind === 'done' ? t('compare.empty') : ''}</p>
        ) : (
          <Reading text={text} isLive={state.kind === 'writing'} onLink={onLink} />
        )}
        {problem === null ? null : (
          <p className="field-problem">
            {problem.title}. {problem.advice} {problem.detail}
          </p>
        )}
      </div>
      {omitted.turns > 0 ? <p className="field-hint">{t('compare.omittedTurns', { count: omitted.turns })}</p> : null}
      {omitted.characters > 0 ? (
        <p className="field-hint">{t('compare.omittedCharacters', { count: omitted.characters })}</p>
      ) : null}
      <Facts column={column} />
      {isAdopted ? (
        <p className="field-hint" role="status">
          {t('compare.adopted')}
        </p>
      ) : (
        <div className="panel-line">
          <Button
            label={t('compare.adopt')}
            spokenLabel={t('compare.adoptNamed', { title })}
            icon={<CornerUpLeft aria-hidden="true" />}
            disabled={!canAdopt}
            onPress={onAdopt}
          />
        </div>
      )}
    </section>
  )
}

function stateText({ state }: CompareColumn): string {
  const words = t(`compare.state.${state.kind}`)
  return state.kind === 'done' ? `${words}: ${t(`compare.finish.${state.finish}`)}` : words
}

function Facts({ column: { state, text, sampling, others } }: { readonly column: CompareColumn }) {
  const { temperature, topP, seed } = sampling
  const drawn = t('compare.valuesOf', { temperature: decimalText(temperature, 2), topP: decimalText(topP, 2), seed })
  if (state.kind !== 'done') return <FactList facts={[[t('compare.values'), drawn]]} />
  const { completionTokens, timeToFirstTokenMs, decodeTokensPerSecond } = state.figures
  const words = t('compare.words', { count: text.match(/\S+/g)?.length ?? 0 })
  // Whoever wrote beside others shared the GPU with them.
  const shared = (figure: string) => (others === 0 ? figure : t('compare.shared', { count: others, figure }))
  return (
    <FactList
      facts={[
        [t('compare.speed'), decodeTokensPerSecond > 0 ? shared(speedText(decodeTokensPerSecond)) : '–'],
        [t('compare.first'), shared(durationText(timeToFirstTokenMs))],
        [t('compare.length'), t('compare.lengthValue', { count: completionTokens, words })],
        [t('compare.values'), drawn],
      ]}
    />
  )
}
