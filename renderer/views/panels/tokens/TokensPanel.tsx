// The model in tokens: the prompt that would be sent now, or all that is known of an answer.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { AnswerRecord, Message } from '../../../../shared/chats/types.ts'
import type { InspectedPrompt } from '../../../inference/protocol.ts'
import type { OpenConversation } from '../../../state/chats/api.ts'
import { t } from '../../../words/words.ts'
import { AnswerTokens } from './AnswerTokens.tsx'
import { PromptTokens } from './PromptTokens.tsx'
import { useAnswer } from './useAnswer.ts'

export interface TokensPanelProps {
  readonly conversation: OpenConversation
  /** null: the prompt that would be sent now. */
  readonly inspectedId: string | null
  /** Of the model that is in use and ready; null: none is. */
  readonly modelKey: string | null
  readonly onInspect: (messageId: string | null) => void
  /** The prompt of a record, in tokens of the model in use. */
  readonly inspectRecord: (record: AnswerRecord) => Promise<InspectedPrompt | null>
  readonly copyText: (text: string) => Promise<void>
}

export function TokensPanel(props: TokensPanelProps) {
  const { conversation, inspectedId, modelKey, onInspect, inspectRecord, copyText } = props
  const path = useStore(conversation.store, (state) => state.path)
  const inspected = useStore(conversation.store, ({ messages }) => messages.get(inspectedId ?? '') ?? null)
  const id = useId()
  const answers = path.filter((message) => message.writer !== null || message.role === 'assistant')
  const isListed = inspected === null || answers.some((message) => message.id === inspected.id)
  return (
    <>
      <div className="panel-field">
        <label className="field-label" htmlFor={id}>
          {t('tokens.of')}
        </label>
        <select
          id={id}
          className="panel-input"
          value={inspected?.id ?? ''}
          onChange={(event) => onInspect(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        >
          <option value="">{t('tokens.now')}</option>
          {(isListed ? answers : [...answers, inspected]).map((message, index) => (
            <option key={message.id} value={message.id}>
              {t('tokens.answer', { index: index + 1, text: beginningOf(message) })}
            </option>
          ))}
        </select>
      </div>
      {inspected === null ? (
        <PromptNow conversation={conversation} modelKey={modelKey} />
      ) : (
        <AnswerTokens
          key={inspected.id}
          message={inspected}
          conversation={conversation}
          modelKey={modelKey}
          inspectRecord={inspectRecord}
          copyText={copyText}
        />
      )}
    </>
  )
}

function beginningOf({ text }: Message): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  if (line === '') return t('tokens.noText')
  return line.length > 40 ? `${line.slice(0, 40)} …` : line
}

function PromptNow({ conversation, modelKey }: Pick<TokensPanelProps, 'conversation' | 'modelKey'>) {
  const [template, setTemplate] = useState(true)
  const chat = useStore(conversation.store, (state) => state.chat)
  const path = useStore(conversation.store, (state) => state.path)
  const document = useStore(conversation.store, (state) => state.document)
  const id = useId()
  const answer = useAnswer(
    () => conversation.inspect({ template }),
    [conversation, template, chat, path, document, modelKey],
  )
  return (
    <>
      {document === null ? (
        <div className="panel-field">
          <label className="check">
            <input
              type="checkbox"
              checked={template}
              aria-describedby={`${id}-hint`}
              onChange={(event) => setTemplate(event.currentTarget.checked)}
            />
            {t('tokens.template')}
          </label>
          <p id={`${id}-hint`} className="field-hint">
            {t('tokens.templateHint')}
          </p>
        </div>
      ) : null}
      {answer.kind === 'asking' ? <p className="field-hint">{t('tokens.asking')}</p> : null}
      {answer.kind === 'failed' ? (
        <p className="field-problem">{t('tokens.failed', { detail: answer.detail })}</p>
      ) : null}
      {answer.kind === 'known' ? (
        answer.value === null ? (
          <p className="field-hint">{t('tokens.notReady')}</p>
        ) : (
          <PromptTokens inspected={answer.value} />
        )
      ) : null}
    </>
  )
}
