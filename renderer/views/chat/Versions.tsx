// Which version of a message is seen, and the way to the others.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type MessageItem, type MessageParts, versionCommands } from '../../commands/messageCommands.ts'
import { t } from '../../words/words.ts'
import { useShownKeys } from '../keys.ts'

export interface VersionsProps {
  readonly item: MessageItem
  readonly parts: MessageParts
  readonly isActive: boolean
}

export function Versions({ item, parts, isActive }: VersionsProps) {
  const shownKeys = useShownKeys()
  if (item.versions.length < 2) return null
  const step = (command: (typeof versionCommands)[keyof typeof versionCommands], icon: typeof ChevronLeft) => {
    const Icon = icon
    const isPossible = command.isEnabled(item)
    return (
      <button
        type="button"
        className="message-action"
        tabIndex={isActive ? 0 : -1}
        aria-label={command.title(item)}
        aria-keyshortcuts={shownKeys(command).aria}
        aria-disabled={isPossible ? undefined : true}
        onClick={() => {
          if (isPossible) command.run(parts, item)
        }}
      >
        <Icon className="mirrored" aria-hidden="true" />
      </button>
    )
  }
  return (
    <fieldset className="versions" aria-label={t('chat.message.versions')}>
      {step(versionCommands.previous, ChevronLeft)}
      <span className="versions-count">
        {t('chat.message.version', { index: item.version + 1, count: item.versions.length })}
      </span>
      {step(versionCommands.next, ChevronRight)}
    </fieldset>
  )
}
