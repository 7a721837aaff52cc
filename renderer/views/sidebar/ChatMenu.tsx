// What can be done with a chat of the list, as a menu.
import { Download, FolderInput, FolderPlus, Pencil, Pin, PinOff, Printer, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import type { ChatFolder, ChatSummary } from '../../../shared/chats/types.ts'
import { areReadOnly, chatCommands } from '../../commands/chatCommands.ts'
import type { ItemCommand } from '../../commands/itemCommand.ts'
import { createFolder } from '../../commands/openChatCommands.ts'
import type { App } from '../../state/app.ts'
import { exportKinds } from '../../state/exporting.ts'
import { t } from '../../words/words.ts'
import { useApp } from '../app.ts'
import { useShownKeys } from '../keys.ts'
import { MenuItem, ReadOnlyNote, SubMenu } from './RowMenu.tsx'

export interface ChatMenuProps {
  readonly chat: ChatSummary
  readonly folders: readonly ChatFolder[]
}

export function ChatMenu({ chat, folders }: ChatMenuProps) {
  const app = useApp()
  const shownKeys = useShownKeys()
  const isReadOnly = areReadOnly(app)
  const item = (command: ItemCommand<ChatSummary, App>, icon: ReactNode, isAlarm = false) => (
    <MenuItem
      label={command.title(chat)}
      icon={icon}
      isAlarm={isAlarm}
      isDisabled={isReadOnly}
      keys={shownKeys(command).texts[0] ?? ''}
      onSelect={() => command.run(app, chat)}
    />
  )
  return (
    <>
      {isReadOnly ? <ReadOnlyNote /> : null}
      {item(chatCommands.rename, <Pencil aria-hidden="true" />)}
      {item(chatCommands.pin, chat.isPinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />)}
      <SubMenu label={t('sidebar.move')} icon={<FolderInput aria-hidden="true" />} isDisabled={isReadOnly}>
        <DropdownMenu.RadioGroup
          value={chat.folderId ?? ''}
          onValueChange={(id) => void app.chats.move(chat.id, id === '' ? null : id)}
        >
          <Choice value="" label={t('sidebar.noFolder')} />
          {folders.map(({ id, name }) => (
            <Choice key={id} value={id} label={name} />
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="menu-line" />
        <MenuItem
          label={t('sidebar.newFolder')}
          icon={<FolderPlus aria-hidden="true" />}
          onSelect={() => void createFolder(app, chat.id)}
        />
      </SubMenu>
      <SubMenu label={t('exporting.menu')} icon={<Download aria-hidden="true" />}>
        {exportKinds.map((kind) => (
          <MenuItem key={kind} label={t(`exporting.${kind}`)} onSelect={() => void app.exporting.save(chat.id, kind)} />
        ))}
        <MenuItem
          label={t('exporting.print')}
          icon={<Printer aria-hidden="true" />}
          onSelect={() => void app.exporting.print(chat.id)}
        />
      </SubMenu>
      <DropdownMenu.Separator className="menu-line" />
      {item(chatCommands.remove, <Trash2 aria-hidden="true" />, true)}
    </>
  )
}

function Choice({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <DropdownMenu.RadioItem className="menu-item menu-choice" value={value}>
      <DropdownMenu.ItemIndicator className="menu-dot" />
      <span className="menu-label">
        <bdi>{label}</bdi>
      </span>
    </DropdownMenu.RadioItem>
  )
}
