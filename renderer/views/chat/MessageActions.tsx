// What can be done with a message, as buttons: seen while the pointer or the focus is on it, there for a screen reader at all times. Only those of the
// message that has the focus are stops of the Tab key; the arrow keys lead from message to message.
import { Copy, GitFork, Pencil, Play, RefreshCw, Repeat, SquareAsterisk, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { type MessageItem, type MessageParts, messageCommands } from '../../commands/messageCommands.ts'
import { t } from '../../words/words.ts'
import { useShownKeys } from '../keys.ts'

const icons: Readonly<Record<keyof typeof messageCommands, ReactNode>> = {
  copy: <Copy aria-hidden="true" />,
  edit: <Pencil aria-hidden="true" />,
  regenerate: <RefreshCw aria-hidden="true" />,
  goOn: <Play aria-hidden="true" />,
  runAgain: <Repeat aria-hidden="true" />,
  fork: <GitFork aria-hidden="true" />,
  tokens: <SquareAsterisk aria-hidden="true" />,
  remove: <Trash2 aria-hidden="true" />,
}

/** What never makes sense for a kind of message has no button; what cannot be done now has a dimmed one. */
const ofRole: Readonly<Record<MessageItem['message']['role'], readonly (keyof typeof messageCommands)[]>> = {
  user: ['copy', 'edit', 'fork', 'remove'],
  assistant: ['copy', 'regenerate', 'goOn', 'runAgain', 'fork', 'tokens', 'remove'],
  document: ['copy', 'fork', 'tokens', 'remove'],
}

export interface MessageActionsProps {
  readonly item: MessageItem
  readonly parts: MessageParts
  /** The message has the place of the keyboard. */
  readonly isActive: boolean
}

export function MessageActions({ item, parts, isActive }: MessageActionsProps) {
  const shownKeys = useShownKeys()
  return (
    <fieldset className="message-actions" aria-label={t('chat.message.actions')}>
      {ofRole[item.message.role].map((name) => {
        const command = messageCommands[name]
        const { id, title, isEnabled, run } = command
        const { texts, aria } = shownKeys(command)
        const isPossible = isEnabled(item)
        if (name === 'goOn' && !isPossible) return null
        const words = title(item)
        return (
          <button
            key={id}
            type="button"
            className="message-action"
            tabIndex={isActive ? 0 : -1}
            aria-label={words}
            title={texts[0] === undefined ? words : `${words} (${texts[0]})`}
            aria-keyshortcuts={aria}
            aria-disabled={isPossible ? undefined : true}
            onClick={() => {
              if (isPossible) run(parts, item)
            }}
          >
            {icons[name]}
          </button>
        )
      })}
    </fieldset>
  )
}
