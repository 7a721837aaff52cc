// One chat of the list.
import type { ChatFolder } from '../../../shared/chats/types.ts'
import { openChat } from '../../commands/openChatCommands.ts'
import { t } from '../../words/words.ts'
import { useApp } from '../app.ts'
import { ChatMenu } from './ChatMenu.tsx'
import type { Row } from './groupChats.ts'
import { titleOf } from './names.ts'
import { RenameField } from './RenameField.tsx'
import { RowMenu } from './RowMenu.tsx'

/** What rows of both kinds are told. */
export interface RowState {
  readonly isActive: boolean
  readonly isRenamed: boolean
  readonly isMenuOpen: boolean
  readonly onMenu: (isOpen: boolean) => void
  readonly onMenuClosed: () => void
  readonly onFocus: () => void
  readonly onRenamed: () => void
}

export interface ChatRowProps extends RowState {
  readonly row: Extract<Row, { kind: 'chat' }>
  readonly folders: readonly ChatFolder[]
  /** It is the chat that is open. */
  readonly isOpen: boolean
}

export function ChatRow(props: ChatRowProps) {
  const { row, folders, isOpen, isActive, isRenamed, isMenuOpen, onMenu, onMenuClosed, onFocus, onRenamed } = props
  const app = useApp()
  const { chat, place, groupSize } = row
  const title = titleOf(chat)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      role="treeitem"
      aria-level={2}
      aria-posinset={place}
      aria-setsize={groupSize}
      aria-selected={isOpen}
      aria-label={t('sidebar.row', { title, messages: t('sidebar.messages', { count: chat.messages }) })}
      data-active={isActive ? chat.id : undefined}
      tabIndex={isActive && !isRenamed ? 0 : -1}
      className={isOpen ? 'sidebar-row sidebar-row-open' : 'sidebar-row'}
      onFocus={onFocus}
      onClick={() => openChat(app, chat.id)}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu(true)
      }}
    >
      {isRenamed ? (
        <RenameField
          label={t('sidebar.chatName')}
          value={chat.title}
          maxLength={200}
          onEnd={(name) => {
            if (name !== null) void app.chats.rename(chat.id, name)
            onRenamed()
          }}
        />
      ) : (
        <>
          <span className="sidebar-title" title={title}>
            <bdi>{title}</bdi>
          </span>
          <RowMenu
            label={t('sidebar.menu', { title })}
            isOpen={isMenuOpen}
            isTabStop={isActive}
            onOpenChange={onMenu}
            onClosed={onMenuClosed}
          >
            <ChatMenu chat={chat} folders={folders} />
          </RowMenu>
        </>
      )}
    </div>
  )
}
