// One token: how likely it was, and what else might have stood there.
import { CornerDownRight } from 'lucide-react'
import type { TracedToken } from '../../../../shared/chats/types.ts'
import { t } from '../../../words/words.ts'
import { TokenLine } from './TokenLine.tsx'
import { chanceText, probabilityOf, shownText, spokenText } from './tokenWords.ts'

export interface AlternativesProps {
  readonly token: TracedToken
  readonly index: number
  readonly count: number
  readonly canBranch: boolean
  readonly onBranch: (alternative: TracedToken['alternatives'][number]) => void
}

export function Alternatives({ token, index, count, canBranch, onBranch }: AlternativesProps) {
  const { id, text, logProbability, alternatives } = token
  return (
    <>
      <TokenLine
        text={text}
        facts={[
          chanceText(probabilityOf(logProbability)),
          t('tokens.idIs', { id }),
          t('tokens.placeOf', { index: index + 1, count }),
        ]}
      />
      {alternatives.length === 0 ? (
        <p className="field-hint">{t('tokens.noAlternatives')}</p>
      ) : (
        <>
          <h3 className="field-label">{t('tokens.alternatives')}</h3>
          <ul className="alternatives">
            {alternatives.map((alternative) => (
              <li key={alternative.id}>
                <Choice
                  alternative={alternative}
                  isWritten={alternative.id === id}
                  canBranch={canBranch}
                  onBranch={onBranch}
                />
              </li>
            ))}
          </ul>
          <p className="field-hint">{t(canBranch ? 'tokens.branchHint' : 'tokens.cannotBranch')}</p>
        </>
      )}
    </>
  )
}

interface ChoiceProps extends Pick<AlternativesProps, 'canBranch' | 'onBranch'> {
  readonly alternative: TracedToken['alternatives'][number]
  readonly isWritten: boolean
}

function Choice({ alternative, isWritten, canBranch, onBranch }: ChoiceProps) {
  const probability = probabilityOf(alternative.logProbability)
  const chance = chanceText(probability)
  const content = (
    <>
      <span className="alternative-bar" aria-hidden="true" style={{ inlineSize: `${probability * 100}%` }} />
      <span className="alternative-text">{shownText(alternative.text)}</span>
      <span className="alternative-chance">
        {chance}
        {isWritten ? `, ${t('tokens.chosen')}` : ''}
      </span>
    </>
  )
  if (isWritten) return <div className="alternative alternative-written">{content}</div>
  return (
    <button
      type="button"
      className="alternative"
      aria-label={`${t('tokens.branch', { text: spokenText(alternative.text) })}, ${chance}`}
      aria-disabled={canBranch ? undefined : true}
      onClick={() => {
        if (canBranch) onBranch(alternative)
      }}
    >
      {content}
      <CornerDownRight aria-hidden="true" />
    </button>
  )
}
