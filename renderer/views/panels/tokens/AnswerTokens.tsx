// All that is known of an answer, in three views: what was sent, what was written, and the record.
import { RotateCcw } from 'lucide-react'
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { AnswerRecord, Message } from '../../../../shared/chats/types.ts'
import { cleanText } from '../../../reading/cleanText.ts'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'
import { PromptTokens } from './PromptTokens.tsx'
import { RecordFacts } from './RecordFacts.tsx'
import type { TokensPanelProps } from './TokensPanel.tsx'
import { useAnswer } from './useAnswer.ts'
import { WrittenTokens } from './WrittenTokens.tsx'

const views = ['sent', 'written', 'record'] as const

export interface AnswerTokensProps
  extends Pick<TokensPanelProps, 'conversation' | 'modelKey' | 'inspectRecord' | 'copyText'> {
  readonly message: Message
}

export function AnswerTokens({ message, conversation, modelKey, inspectRecord, copyText }: AnswerTokensProps) {
  const [view, setView] = useState<(typeof views)[number]>('written')
  const run = useStore(conversation.store, (state) => state.run.kind)
  const mayWrite = run === 'idle' && !conversation.isLocked()
  const repeated = useStore(conversation.store, (state) => state.repeated)
  const id = useId()
  const answer = useAnswer(() => conversation.record(message.id), [conversation, message, run === 'idle', repeated])
  if (message.state === 'streaming') return <p className="field-hint">{t('tokens.isWritten')}</p>
  if (answer.kind === 'asking') return <p className="field-hint">{t('tokens.asking')}</p>
  if (answer.kind === 'failed') return <p className="field-problem">{t('tokens.failed', { detail: answer.detail })}</p>
  const record = answer.value
  if (record === null) return <p className="field-hint">{t('tokens.noRecord')}</p>
  const isInUse = record.writer.key === modelKey
  return (
    <>
      <fieldset className="panel-tabs">
        <legend className="visually-hidden">{t('tokens.view')}</legend>
        {views.map((name) => (
          <label key={name} className="panel-tab">
            <input type="radio" name={`${id}-view`} checked={view === name} onChange={() => setView(name)} />
            {t(`tokens.${name}`)}
          </label>
        ))}
      </fieldset>
      {view === 'record' ? <RecordFacts record={record} copyText={copyText} /> : null}
      {view === 'sent' ? <Sent record={record} isInUse={isInUse} inspectRecord={inspectRecord} /> : null}
      {view === 'written' && record.tokens !== null ? (
        <WrittenTokens
          tokens={record.tokens}
          canBranch={isInUse && mayWrite}
          onBranch={(index, alternative) => void conversation.branchAt(message.id, index, alternative)}
        />
      ) : null}
      {view === 'written' && record.tokens === null ? (
        <>
          <p>{t('tokens.noProbabilities')}</p>
          <div className="panel-line">
            <Button
              label={t('tokens.again')}
              icon={<RotateCcw aria-hidden="true" />}
              disabled={!mayWrite}
              onPress={() => void conversation.runAgain(message.id, { keepProbabilities: true })}
            />
          </div>
          <p className="field-hint">{t('tokens.againHint')}</p>
        </>
      ) : null}
    </>
  )
}

interface SentProps extends Pick<TokensPanelProps, 'inspectRecord'> {
  readonly record: AnswerRecord
  readonly isInUse: boolean
}

function Sent({ record, isInUse, inspectRecord }: SentProps) {
  const answer = useAnswer(
    () => (isInUse ? inspectRecord(record) : Promise.resolve(null)),
    [record, isInUse, inspectRecord],
  )
  if (answer.kind === 'asking') return <p className="field-hint">{t('tokens.asking')}</p>
  if (answer.kind === 'failed') return <p className="field-problem">{t('tokens.failed', { detail: answer.detail })}</p>
  if (answer.value !== null) return <PromptTokens inspected={answer.value} />
  const { prompt, writer, promptTokens } = record
  const pieces = prompt.kind === 'completion' ? [prompt.text] : prompt.pieces.map(({ text }) => text)
  return (
    <>
      <p className="field-hint">
        {t('tokens.otherModel', { title: writer.title, tokens: t('tokens.count', { count: promptTokens }) })}
      </p>
      <section aria-label={t('tokens.pieces')}>
        <pre className="panel-pieces">{cleanText(pieces.join(''))}</pre>
      </section>
    </>
  )
}
