// What a model wrote, each token with the probability it was drawn with, and the others that stood at its place: from each of them it can be written on.
import { useMemo, useState } from 'react'
import type { TracedToken } from '../../../../shared/chats/types.ts'
import { decimalText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'
import { Alternatives } from './Alternatives.tsx'
import { TokenList } from './TokenList.tsx'
import { chanceText, levelOf, levels, likelihoodOf, probabilityOf, shortChance, spokenText } from './tokenWords.ts'

export interface WrittenTokensProps {
  readonly tokens: readonly TracedToken[]
  readonly canBranch: boolean
  readonly onBranch: (index: number, alternative: TracedToken['alternatives'][number]) => void
}

export function WrittenTokens({ tokens, canBranch, onBranch }: WrittenTokensProps) {
  const [chosen, setChosen] = useState<number | null>(null)
  const texts = useMemo(() => tokens.map(({ text }) => text), [tokens])
  const current = chosen !== null && chosen < tokens.length ? chosen : null
  const token = current === null ? undefined : tokens[current]
  return (
    <>
      <p className="field-hint">{likelihoodText(tokens)}</p>
      <Scale />
      <TokenList
        label={t('tokens.writtenList')}
        count={tokens.length}
        texts={texts}
        current={current}
        rowHeight={44}
        onCurrent={setChosen}
        chipAt={(index) => chipOf(tokens[index])}
      />
      <div className="token-facts">
        {token === undefined || current === null ? (
          <p className="field-hint">{t('tokens.keys')}</p>
        ) : (
          <Alternatives
            token={token}
            index={current}
            count={tokens.length}
            canBranch={canBranch}
            onBranch={(alternative) => onBranch(current, alternative)}
          />
        )}
      </div>
    </>
  )
}

function Scale() {
  const least = [0, ...levels]
  return (
    <ul className="token-scale" aria-label={t('tokens.scale')}>
      {least.map((from, level) => (
        <li key={from} className={`token chance-${level}`}>
          {`${Math.round(from * 100)}–${Math.round((least[level + 1] ?? 1) * 100)} %`}
        </li>
      ))}
    </ul>
  )
}

/** How likely the answer was to its model, in a sentence. */
export function likelihoodText(tokens: readonly TracedToken[]): string {
  const likelihood = likelihoodOf(tokens)
  if (likelihood === null) return ''
  if (likelihood.meanLogProbability === null) return t('tokens.likelihoodNever')
  const sentence = t('tokens.likelihood', {
    mean: decimalText(likelihood.meanLogProbability, 2),
    perplexity: decimalText(likelihood.perplexity, likelihood.perplexity < 10 ? 2 : 1),
    tokens: t('tokens.count', { count: likelihood.tokens }),
  })
  return `${sentence} ${t('tokens.afterTemperature')}`
}

function chipOf(token: TracedToken | undefined) {
  const { text, id, logProbability } = token ?? { text: '', id: 0, logProbability: null }
  const probability = probabilityOf(logProbability)
  return {
    text,
    label: t('tokens.chipWritten', { text: spokenText(text), chance: chanceText(probability), id }),
    className: `chance-${levelOf(probability)}`,
    note: shortChance(probability),
  }
}
