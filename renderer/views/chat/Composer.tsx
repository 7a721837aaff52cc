// Where a message or an instruction is written. Enter sends, Shift+Enter starts a new line; Send becomes Stop in its place while the model writes.
import { FilePlus2, FileX2, Send, Square } from 'lucide-react'
import { type KeyboardEvent, type Ref, useId, useState } from 'react'
import type { Draft } from '../../../shared/chats/types.ts'
import { shortcutText } from '../../commands/command.ts'
import { continueWriting } from '../../commands/continueWriting.ts'
import { stopWriting } from '../../commands/stopWriting.ts'
import type { RunState } from '../../state/chats/api.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { isMac } from '../app.ts'
import { useShownKeys } from '../keys.ts'
import { isSendKey } from './sendKey.ts'

export interface ComposerProps {
  readonly kind: 'instruct' | 'chat'
  /** Title of the model; null before one is chosen. */
  readonly model: string | null
  readonly draft: Draft
  readonly run: RunState
  readonly tokensPerSecond: string | null
  readonly canSend: boolean
  /** With an instruct model: whether earlier turns are sent too. */
  readonly sendsEarlierTurns: boolean
  readonly sendKeys: string
  readonly sendLabel: string
  readonly onDraft: (draft: Draft) => void
  readonly onSendsEarlierTurns: (sends: boolean) => void
  readonly onSend: () => void
  readonly onStop: () => void
  readonly ref?: Ref<HTMLTextAreaElement>
}

export function Composer(props: ComposerProps) {
  const { kind, draft, canSend, onDraft, onSend, onSendsEarlierTurns, ref } = props
  const id = useId()
  const [inputAsked, setInputAsked] = useState(false)
  const isInstruct = kind === 'instruct'
  const hasInput = isInstruct && (inputAsked || draft.input !== '')
  const model = props.model ?? t('chat.composer.aModel')
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isSendKey(event.nativeEvent)) return
    event.preventDefault()
    if (canSend) onSend()
  }
  return (
    <div className="composer">
      <label className="visually-hidden" htmlFor={id}>
        {t(isInstruct ? 'chat.composer.instruction' : 'chat.composer.message')}
      </label>
      <textarea
        id={id}
        ref={ref}
        className="growing"
        rows={1}
        placeholder={t(isInstruct ? 'chat.composer.placeholderInstruct' : 'chat.composer.placeholderChat', { model })}
        spellCheck={false}
        value={draft.text}
        onChange={({ currentTarget }) => onDraft({ ...draft, text: currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      {hasInput ? (
        <div className="composer-input">
          <label className="composer-label" htmlFor={`${id}-input`}>
            {t('chat.composer.input')}
          </label>
          <textarea
            id={`${id}-input`}
            className="growing"
            rows={1}
            placeholder={t('chat.composer.inputPlaceholder')}
            spellCheck={false}
            value={draft.input}
            onChange={({ currentTarget }) => onDraft({ ...draft, input: currentTarget.value })}
            onKeyDown={onKeyDown}
          />
        </div>
      ) : null}
      <div className="composer-bar">
        {isInstruct ? (
          <Button
            label={t(hasInput ? 'chat.composer.removeInput' : 'chat.composer.addInput')}
            icon={hasInput ? <FileX2 aria-hidden="true" /> : <FilePlus2 aria-hidden="true" />}
            onPress={() => {
              setInputAsked(!hasInput)
              if (hasInput) onDraft({ ...draft, input: '' })
            }}
          />
        ) : null}
        {isInstruct ? (
          <label className="check composer-check" title={t('chat.composer.earlierTurnsHint')}>
            <input
              type="checkbox"
              checked={props.sendsEarlierTurns}
              onChange={({ currentTarget }) => onSendsEarlierTurns(currentTarget.checked)}
            />
            {t('chat.composer.earlierTurns')}
          </label>
        ) : null}
        <RunWords {...props} />
        <SendButton {...props} label={props.sendLabel} />
      </div>
    </div>
  )
}

function RunWords({ run, tokensPerSecond, sendKeys }: Pick<ComposerProps, 'run' | 'tokensPerSecond' | 'sendKeys'>) {
  const words =
    runText(run, tokensPerSecond) ??
    t('chat.composer.keys', { send: sendKeys, line: shortcutText({ key: 'Enter', shift: true }, isMac) })
  return <p className={run.kind === 'idle' ? 'composer-words composer-keys' : 'composer-words'}>{words}</p>
}

/** null while nothing runs. */
export function runText(run: RunState, tokensPerSecond: string | null): string | null {
  switch (run.kind) {
    case 'idle':
      return null
    case 'writing':
      return tokensPerSecond === null
        ? t('chat.composer.writing')
        : t('chat.composer.writingSpeed', { speed: tokensPerSecond })
    case 'waiting':
    case 'reading':
    case 'stopping':
      return t(`chat.composer.${run.kind}`)
    default:
      return run satisfies never
  }
}

export interface SendButtonProps extends Pick<ComposerProps, 'run' | 'canSend' | 'onSend' | 'onStop'> {
  readonly label?: string
  /** Its keys stand on it. */
  readonly hasKeys?: boolean
}

/** Send, Stop and Cancel are one button in one place: the keyboard never loses it. */
export function SendButton({ run, canSend, onSend, onStop, label, hasKeys = false }: SendButtonProps) {
  const isIdle = run.kind === 'idle'
  const { texts, aria } = useShownKeys()(isIdle ? continueWriting : stopWriting)
  const busyLabel = t(run.kind === 'waiting' ? 'chat.cancel' : 'chat.stop')
  return (
    <Button
      kind="primary"
      label={isIdle ? (label ?? t('chat.send')) : busyLabel}
      icon={isIdle ? <Send aria-hidden="true" className="mirrored" /> : <Square aria-hidden="true" />}
      {...(aria === undefined ? {} : { keyShortcut: aria })}
      {...((isIdle && !hasKeys) || texts[0] === undefined ? {} : { shortcut: texts[0] })}
      disabled={isIdle ? !canSend : run.kind === 'stopping'}
      onPress={isIdle ? onSend : onStop}
    />
  )
}
