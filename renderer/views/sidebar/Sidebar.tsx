// The list of chats beside the conversation. In a narrow window it lies over it.
import { Ghost, PanelLeftClose, SquarePen, Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { newChat, newTemporaryChat } from '../../commands/newChat.ts'
import { importChats, toggleSidebar } from '../../commands/openChatCommands.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { ChatList } from './ChatList.tsx'
import { Search } from './Search.tsx'
import { SidebarNotices } from './SidebarNotices.tsx'
import { UndoBar } from './UndoBar.tsx'

export function Sidebar() {
  const { navigation } = useApp()
  const isOpen = useValue(navigation.store, (state) => state.sidebarOpen)
  return isOpen ? <OpenSidebar /> : null
}

function OpenSidebar() {
  const { chats: list, conversation } = useApp()
  const { chats, folders, isLoaded } = useValue(list.store, (state) => state)
  const isTemporary = useValue(conversation.store, (state) => state.isTemporary)
  const nowMs = useToday()
  return (
    <aside className="sidebar" aria-label={t('sidebar.title')}>
      <div className="sidebar-head">
        <CommandButton command={newChat} icon={<SquarePen aria-hidden="true" />} />
        <span className="sidebar-tools">
          <CommandButton kind="icon" command={newTemporaryChat} icon={<Ghost aria-hidden="true" />} />
          <CommandButton kind="icon" command={importChats} icon={<Upload aria-hidden="true" />} />
          <CommandButton kind="icon" command={toggleSidebar} icon={<PanelLeftClose aria-hidden="true" />} />
        </span>
      </div>
      <SidebarNotices />
      {isTemporary ? (
        <div className="sidebar-temporary">
          <Ghost aria-hidden="true" />
          <p>
            <strong>{t('sidebar.temporary')}</strong> {t('sidebar.temporaryHint')}
          </p>
        </div>
      ) : null}
      <Search>
        {chats.length === 0 && folders.length === 0 ? (
          <p className="sidebar-note">{t(isLoaded ? 'sidebar.empty' : 'sidebar.loading')}</p>
        ) : (
          <ChatList chats={chats} folders={folders} nowMs={nowMs} />
        )}
      </Search>
      <UndoBar />
    </aside>
  )
}

/** The time, new whenever a day has begun here: the groups are named after days. */
function useToday(): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const now = new Date(nowMs)
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime()
    const timer = setTimeout(() => setNowMs(Date.now()), midnight - Date.now() + 1000)
    return () => clearTimeout(timer)
  }, [nowMs])
  return nowMs
}
