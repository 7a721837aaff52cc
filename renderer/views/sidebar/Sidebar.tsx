// The list of chats beside the conversation. In a narrow window it lies over it.
import { Ghost, SquarePen, Upload } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { newChat, newTemporaryChat } from '../../commands/newChat.ts'
import { importChats } from '../../commands/openChatCommands.ts'
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
  if (isOpen) return <OpenSidebar />
  return (
    <div className="sidebar-floating">
      <SidebarNotices />
      <UndoBar />
    </div>
  )
}

function OpenSidebar() {
  const { chats: list, conversation, navigation } = useApp()
  const { chats, folders, isLoaded } = useValue(list.store, (state) => state)
  const isTemporary = useValue(conversation.store, (state) => state.isTemporary)
  const nowMs = useToday()
  const sidebar = useRef<HTMLElement>(null)
  useLeavesNarrowWindow(sidebar)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !liesOver(sidebar)) return
    event.preventDefault()
    navigation.store.setState({ sidebarOpen: false })
  }
  return (
    <aside ref={sidebar} className="sidebar" aria-label={t('sidebar.title')} onKeyDown={onKeyDown}>
      <div className="sidebar-head">
        <CommandButton command={newChat} icon={<SquarePen aria-hidden="true" />} />
        <span className="sidebar-tools">
          <CommandButton kind="icon" command={newTemporaryChat} icon={<Ghost aria-hidden="true" />} />
          <CommandButton kind="icon" command={importChats} icon={<Upload aria-hidden="true" />} />
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

/** In a narrow window, by the style sheet, over the conversation. */
function liesOver(sidebar: RefObject<HTMLElement | null>): boolean {
  return sidebar.current !== null && getComputedStyle(sidebar.current).position === 'absolute'
}

/** Where it lies over the conversation it goes when a chat was opened. */
function useLeavesNarrowWindow(sidebar: RefObject<HTMLElement | null>): void {
  const { navigation, conversation } = useApp()
  useEffect(
    () =>
      conversation.store.subscribe(({ chat }, before) => {
        if (before.chat !== null && chat?.id !== before.chat.id && liesOver(sidebar))
          navigation.store.setState({ sidebarOpen: false })
      }),
    [conversation, navigation, sidebar],
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
