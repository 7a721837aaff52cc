// The chats in their groups, as a tree of two levels of which only what is seen is in the page.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ChatFolder, ChatSummary } from '../../../shared/chats/types.ts'
import { areReadOnly, chatCommands } from '../../commands/chatCommands.ts'
import { itemCommandOf } from '../../commands/itemCommand.ts'
import { openChat } from '../../commands/openChatCommands.ts'
import { t } from '../../words/words.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { useChangedKeys } from '../keys.ts'
import { seenHeightPx } from '../seenHeight.ts'
import { ChatRow } from './ChatRow.tsx'
import { GroupRow } from './GroupRow.tsx'
import { groupChats, type Row } from './groupChats.ts'
import { useRows } from './useRows.ts'

const rowPixels = 36

export interface ChatListProps {
  readonly chats: readonly ChatSummary[]
  readonly folders: readonly ChatFolder[]
  readonly nowMs: number
}

export function ChatList({ chats, folders, nowMs }: ChatListProps) {
  const app = useApp()
  const openId = useValue(app.conversation.store, ({ chat }) => chat?.id ?? null)
  const renamingId = useValue(app.navigation.store, (state) => state.renamingId)
  const closed = useValue(app.navigation.store, (state) => state.closedGroups)
  const changedKeys = useChangedKeys()
  const [menuId, setMenuId] = useState<string | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(
    () => rowsOf(chats, folders, closed, nowMs, renamingId),
    [chats, folders, closed, nowMs, renamingId],
  )
  const { activeId, activeIndex, focus, activate, move } = useRows(
    rows,
    openId,
    scroller,
    renamingId !== null,
    (index) => list.scrollToIndex(index),
  )
  const list = useVirtualizer<HTMLElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    measureElement: seenHeightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...(activeIndex < 0 ? [] : [activeIndex])])].toSorted(
        (a, b) => a - b,
      ),
  })
  const renamed = rows.findIndex(({ id }) => id === renamingId)
  useEffect(() => {
    if (renamed !== -1) list.scrollToIndex(renamed)
  }, [renamed, list])
  const endRename = (id: string) => {
    app.navigation.endRename()
    focus(id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const row = rows[activeIndex]
    if (row === undefined || !(move(event) || actOn(row, event))) return
    event.preventDefault()
    event.stopPropagation()
  }
  const actOn = (row: Row, event: KeyboardEvent): boolean => {
    if (event.key === 'z' && (isMac ? event.metaKey : event.ctrlKey) && app.chats.store.getState().removed.length > 0) {
      void app.chats.undoRemove()
      return true
    }
    if (row.kind === 'chat') {
      const commands = areReadOnly(app) ? [] : Object.values(chatCommands)
      const command = itemCommandOf(commands, row.chat, event.nativeEvent, isMac, changedKeys)
      if (command === undefined && event.key !== 'Enter' && event.key !== ' ') return false
      if (command === undefined) openChat(app, row.id)
      else {
        command.run(app, row.chat)
        if (command === chatCommands.remove) focus(neighbourOf(rows, activeIndex))
      }
      return true
    }
    if (row.kind === 'folder' && !areReadOnly(app) && (event.key === 'F2' || event.key === 'Delete')) {
      if (event.key === 'F2') app.navigation.rename(row.id)
      else void app.chats.removeFolder(row.id)
      return true
    }
    const isToggled =
      event.key === 'Enter' || event.key === ' ' || event.key === (row.isOpen ? 'ArrowLeft' : 'ArrowRight')
    if (isToggled) app.navigation.toggleGroup(row.id)
    return isToggled
  }
  return (
    <div ref={scroller} className="sidebar-scroll">
      <div
        role="tree"
        aria-label={t('sidebar.list')}
        className="sidebar-rows"
        style={{ blockSize: list.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const isActive = row.id === activeId
          const common = {
            isActive,
            isRenamed: row.id === renamingId,
            isMenuOpen: row.id === menuId,
            onMenu: (isOpen: boolean) => {
              activate(row.id)
              setMenuId(isOpen ? row.id : null)
            },
            onMenuClosed: () => {
              if (app.navigation.store.getState().renamingId === null) focus(row.id)
            },
            onFocus: () => activate(row.id),
            onRenamed: () => endRename(row.id),
          }
          return (
            <div
              key={item.key}
              ref={list.measureElement}
              role="none"
              data-index={item.index}
              className="sidebar-place"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.kind === 'chat' ? (
                <ChatRow {...common} row={row} folders={folders} isOpen={row.id === openId} />
              ) : (
                <GroupRow {...common} row={row} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** A name that is being written is seen, also in a group that is closed. */
function rowsOf(
  chats: readonly ChatSummary[],
  folders: readonly ChatFolder[],
  closed: ReadonlySet<string>,
  nowMs: number,
  renamingId: string | null,
): readonly Row[] {
  const rows = groupChats(chats, folders, closed, nowMs)
  const isHidden = renamingId !== null && rows.every(({ id }) => id !== renamingId)
  return isHidden ? groupChats(chats, folders, new Set(), nowMs) : rows
}

/** What has the focus when a row goes. */
function neighbourOf(rows: readonly Row[], index: number): string {
  const next = rows[index + 1]
  return (next?.kind === 'chat' ? next.id : (rows[index - 1]?.id ?? next?.id)) ?? ''
}
