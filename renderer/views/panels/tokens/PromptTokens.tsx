// A prompt as the model reads it: every token, those of the template marked, and how many each part takes.
import { useMemo, useState } from 'react'
import type { InspectedPrompt, PromptToken } from '../../../inference/protocol.ts'
import { t } from '../../../words/words.ts'
import { TokenLine } from './TokenLine.tsx'
import { TokenList } from './TokenList.tsx'
import { spokenText } from './tokenWords.ts'

const parts = ['system', 'history', 'last'] as const
type Part = (typeof parts)[number]

export function PromptTokens({ inspected }: { readonly inspected: InspectedPrompt }) {
  const { tokens, omitted, limitTokens, contextTokens } = inspected
  const [chosen, setChosen] = useState<number | null>(null)
  const texts = useMemo(() => tokens.map(({ text }) => text), [tokens])
  const current = chosen !== null && chosen < tokens.length ? chosen : null
  const token = current === null ? undefined : tokens[current]
  return (
    <>
      <ul className="token-parts">
        {parts
          .filter((part) => inspected.parts[part] > 0)
          .map((part) => (
            <li key={part} className={`token-part token-part-${part}`}>
              {t(`tokens.part.${part}`)} <b>{inspected.parts[part]}</b>
            </li>
          ))}
      </ul>
      <p className="field-hint">
        {t('tokens.ofLimit', { count: tokens.length, limit: limitTokens, held: contextTokens })}
        {omitted.turns > 0 ? ` ${t('tokens.omittedTurns', { count: omitted.turns })}` : ''}
        {omitted.characters > 0 ? ` ${t('tokens.omittedCharacters', { count: omitted.characters })}` : ''}
      </p>
      <TokenList
        label={t('tokens.promptList')}
        count={tokens.length}
        texts={texts}
        current={current}
        rowHeight={30}
        onCurrent={setChosen}
        chipAt={(index) => chipOf(tokens[index], partAt(inspected, index))}
      />
      <div className="token-facts">
        {token === undefined || current === null ? (
          <p className="field-hint">{t('tokens.keys')}</p>
        ) : (
          <TokenLine
            text={token.text}
            facts={[
              ...(token.isSpecial ? [t('tokens.special')] : []),
              t(`tokens.part.${partAt(inspected, current)}`),
              t('tokens.idIs', { id: token.id }),
              t('tokens.placeOf', { index: current + 1, count: tokens.length }),
            ]}
          />
        )}
      </div>
    </>
  )
}

/** The part that a token belongs to. */
export function partAt({ parts: counts }: Pick<InspectedPrompt, 'parts'>, index: number): Part {
  if (index < counts.system) return 'system'
  return index < counts.system + counts.history ? 'history' : 'last'
}

function chipOf(token: PromptToken | undefined, part: Part) {
  const { text, id, isSpecial } = token ?? { text: '', id: 0, isSpecial: false }
  const label = isSpecial
    ? t('tokens.chipSpecial', { text: spokenText(text), id })
    : t('tokens.chipLabel', { text: spokenText(text), id })
  return {
    text,
    label: t('tokens.chipPart', { label, part: t(`tokens.part.${part}`) }),
    className: `token-part-${part}${isSpecial ? ' token-special' : ''}`,
  }
}
