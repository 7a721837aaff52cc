// Everything that decided an answer, to read and to copy.
import { Copy } from 'lucide-react'
import { useState } from 'react'
import type { AnswerRecord } from '../../../../shared/chats/types.ts'
import { Button } from '../../../ui/Button.tsx'
import { FactList } from '../../../ui/FactList.tsx'
import { t } from '../../../words/words.ts'
import { jsonText, shownText } from './tokenWords.ts'

export interface RecordFactsProps {
  readonly record: AnswerRecord
  readonly copyText: (text: string) => Promise<void>
}

export function RecordFacts({ record, copyText }: RecordFactsProps) {
  const { writer, inputs, library, adapter, sampling, promptTokens, cachedTokens = 0, startsAt } = record
  const [isCopied, setCopied] = useState(false)
  const { frequencyPenalty, presencePenalty, repetitionPenalty, stopStrings, jsonSchema } = sampling
  return (
    <>
      <p className="field-hint">{t(cachedTokens > 0 ? 'tokens.recordHintCached' : 'tokens.recordHint')}</p>
      <FactList
        facts={[
          [t('tokens.facts.model'), `${writer.title} (${writer.id})`],
          [t('tokens.facts.hash'), <code key="hash">{writer.key}</code>],
          [t('tokens.facts.family'), `${writer.family}, ${writer.variant}`],
          [t('tokens.facts.library'), library],
          [t('tokens.facts.adapter'), adapter],
          [t('tokens.facts.seed'), sampling.seed],
          [t('tokens.facts.temperature'), sampling.temperature],
          [t('tokens.facts.topP'), sampling.topP],
          [t('tokens.facts.maxTokens'), t('tokens.count', { count: sampling.maxTokens })],
          [
            t('tokens.facts.penalties'),
            t('tokens.facts.penaltyValues', { frequencyPenalty, presencePenalty, repetitionPenalty }),
          ],
          [
            t('tokens.facts.stops'),
            stopStrings.length === 0 ? t('tokens.facts.none') : stopStrings.map(shownText).join(' | '),
          ],
          [
            t('tokens.facts.schema'),
            jsonSchema === null ? t('tokens.facts.none') : <code key="schema">{jsonSchema}</code>,
          ],
          [t('tokens.facts.promptTokens'), promptTokens],
          ...(cachedTokens > 0 ? ([[t('tokens.facts.cachedTokens'), cachedTokens]] as const) : []),
          ...(startsAt > 0 ? ([[t('tokens.facts.startsAt'), startsAt]] as const) : []),
          [
            t('tokens.facts.inputs'),
            inputs.length === 0 ? (
              t('tokens.facts.none')
            ) : (
              <ul key="inputs" className="record-inputs">
                {inputs.map(({ name, sha256 }) => (
                  <li key={name}>
                    {name} <code>{sha256.slice(0, 12)}…</code>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      <div className="panel-line">
        <Button
          label={t('tokens.copy')}
          icon={<Copy aria-hidden="true" />}
          onPress={() => void copyText(jsonText(record)).then(() => setCopied(true))}
        />
        <span role="status" className="field-hint">
          {isCopied ? t('tokens.copied') : ''}
        </span>
      </div>
    </>
  )
}
