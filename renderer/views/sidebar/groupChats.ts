// The list of chats as rows: pinned ones, folders, and the rest by the day on which something last happened, in this computer's time zone.
import type { ChatFolder, ChatSummary } from '../../../shared/chats/types.ts'

export type GroupId = 'pinned' | 'today' | 'yesterday' | 'week' | 'earlier'

export type Row =
  | {
      readonly kind: 'group'
      readonly id: GroupId
      readonly count: number
      readonly isOpen: boolean
    }
  | {
      readonly kind: 'folder'
      readonly id: string
      readonly folder: ChatFolder
      readonly count: number
      readonly isOpen: boolean
    }
  | {
      readonly kind: 'chat'
      readonly id: string
      readonly chat: ChatSummary
      /** In its group, from 1. */
      readonly place: number
      readonly groupSize: number
    }

/** `chats`: pinned first, then the newest first, as the store has them. */
export function groupChats(
  chats: readonly ChatSummary[],
  folders: readonly ChatFolder[],
  closed: ReadonlySet<string>,
  nowMs: number,
): readonly Row[] {
  const known = new Set(folders.map(({ id }) => id))
  const groups = new Map<string, ChatSummary[]>()
  const dayOf = days(nowMs)
  for (const chat of chats) {
    const inFolder = chat.folderId !== null && known.has(chat.folderId) ? chat.folderId : null
    const id = chat.isPinned ? 'pinned' : (inFolder ?? dayOf(chat.updatedAtMs))
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [chat])
    else group.push(chat)
  }
  const within = (id: string, isOpen: boolean): readonly Row[] => {
    const group = isOpen ? (groups.get(id) ?? []) : []
    return group.map((chat, index) => ({
      kind: 'chat',
      id: chat.id,
      chat,
      place: index + 1,
      groupSize: group.length,
    }))
  }
  const groupRows = (id: GroupId): readonly Row[] => {
    const count = groups.get(id)?.length ?? 0
    const isOpen = !closed.has(id)
    return count === 0 ? [] : [{ kind: 'group', id, count, isOpen }, ...within(id, isOpen)]
  }
  return [
    ...groupRows('pinned'),
    ...folders.flatMap((folder): readonly Row[] => {
      const isOpen = !closed.has(folder.id)
      const count = groups.get(folder.id)?.length ?? 0
      return [{ kind: 'folder', id: folder.id, folder, count, isOpen }, ...within(folder.id, isOpen)]
    }),
    ...(['today', 'yesterday', 'week', 'earlier'] as const).flatMap(groupRows),
  ]
}

/** Days begin at midnight here, which after a change of the clock is not 24 hours ago. */
function days(nowMs: number): (timeMs: number) => GroupId {
  const now = new Date(nowMs)
  const startOf = (daysAgo: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime()
  const [today, yesterday, week] = [startOf(0), startOf(1), startOf(6)]
  return (timeMs) => {
    if (timeMs >= today) return 'today'
    if (timeMs >= yesterday) return 'yesterday'
    return timeMs >= week ? 'week' : 'earlier'
  }
}
