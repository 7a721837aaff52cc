// One command and its keys: shown, recorded by pressing them, refused with the reason, or swapped with the command that has them.
import { type KeyboardEvent, useId, useState } from 'react'
import { type Shortcut, shortcutOf, shortcutText } from '../../commands/command.ts'
import { commandGroups, type ListedCommand } from '../../commands/groups.ts'
import { type ChangedShortcuts, swapped, type Verdict, verdictOf, withShortcut } from '../../state/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { useShownKeys } from '../keys.ts'

export interface ShortcutRowProps {
  readonly command: ListedCommand
  readonly title: string
  readonly onChange: (changed: ChangedShortcuts) => void
  readonly onRemove: () => void
  readonly onReset: () => void
}

interface Refused {
  readonly wanted: Shortcut
  readonly verdict: Exclude<Verdict<ListedCommand>, { readonly kind: 'free' }>
}

export function ShortcutRow({ command, title, onChange, onRemove, onReset }: ShortcutRowProps) {
  const app = useApp()
  const changed = useValue(app.shortcuts, (state) => state.changed)
  const { texts } = useShownKeys()(command)
  const [isRecording, setRecording] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const id = useId()

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isRecording || event.key === 'Tab') return
    // Nothing else happens while keys are recorded.
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return setRecording(false)
    const wanted = shortcutOf(event.nativeEvent, isMac)
    if (wanted === null) return
    setRecording(false)
    const verdict = verdictOf(command, wanted, commandGroups, changed)
    if (verdict.kind !== 'free') return setRefused({ wanted, verdict })
    setRefused(null)
    onChange(withShortcut(changed, command.id, wanted))
  }
  return (
    <li className="key-row">
      <span className="key-title">{title}</span>
      <span className="key-keys">
        {texts.map((text) => (
          <kbd key={text}>{text}</kbd>
        ))}
        {texts.length === 0 ? <span className="soft">{t('shortcuts.none')}</span> : null}
        {command.id in changed ? <span className="soft">{t('shortcuts.changed')}</span> : null}
      </span>
      <span className="buttons">
        <button
          type="button"
          className={isRecording ? 'button button-plain key-recording' : 'button button-plain'}
          aria-label={isRecording ? t('shortcuts.press') : t('shortcuts.recordSpoken', { title })}
          aria-describedby={refused === null ? undefined : id}
          onClick={() => {
            setRefused(null)
            setRecording(true)
          }}
          onBlur={() => setRecording(false)}
          onKeyDown={onKeyDown}
        >
          {isRecording ? t('shortcuts.press') : t('shortcuts.record')}
        </button>
        {texts.length === 0 ? null : (
          <Button
            label={t('shortcuts.remove')}
            spokenLabel={t('shortcuts.removeSpoken', { title })}
            onPress={onRemove}
          />
        )}
        {command.id in changed ? (
          <Button label={t('shortcuts.reset')} spokenLabel={t('shortcuts.resetSpoken', { title })} onPress={onReset} />
        ) : null}
      </span>
      {refused === null ? null : (
        <p id={id} className="setting-problem key-problem" role="alert">
          <span>{refusalWords(refused, (other) => other.title(app))}</span>
          <KeyOffer
            refused={refused}
            onSwap={(by) => {
              setRefused(null)
              onChange(swapped({ command, wanted: refused.wanted, other: by }, commandGroups, changed))
            }}
            onKeep={() => setRefused(null)}
          />
        </p>
      )}
    </li>
  )
}

interface KeyOfferProps {
  readonly refused: Refused
  readonly onSwap: (by: ListedCommand) => void
  readonly onKeep: () => void
}

function KeyOffer({ refused: { verdict }, onSwap, onKeep }: KeyOfferProps) {
  if (verdict.kind !== 'taken') return null
  return (
    <span className="buttons">
      <Button label={t('shortcuts.swap')} onPress={() => onSwap(verdict.by)} />
      <Button label={t('shortcuts.keep')} onPress={onKeep} />
    </span>
  )
}

function refusalWords({ wanted, verdict }: Refused, titleOf: (command: ListedCommand) => string): string {
  const keys = shortcutText(wanted, isMac)
  if (verdict.kind === 'taken') return t('shortcuts.taken', { keys, title: titleOf(verdict.by) })
  return verdict.reason === 'text' ? t('shortcuts.reservedText', { keys }) : t('shortcuts.reservedSystem', { keys })
}
