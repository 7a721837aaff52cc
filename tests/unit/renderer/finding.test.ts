// Places of a text within others, the score of the palette's lines, groups by day, and what is kept of the list of chats.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isSidebarOpenAtStart,
  keepClosedGroups,
  readClosedGroups,
  readSidebarOpen,
} from '../../../renderer/keptSidebar.ts'
import { placesOf } from '../../../renderer/state/finding.ts'
import { entryScore } from '../../../renderer/views/palette/entryScore.ts'
import { groupChats } from '../../../renderer/views/sidebar/groupChats.ts'
import type { ChatSummary } from '../../../shared/chats/types.ts'
import { pageStorage, refusingStorage } from '../../support/pageStorage.ts'

test('every place is where the text is, case aside, and none overlaps another', () => {
  expect(placesOf('Fish, fish, FISHfish', 'fish')).toEqual([0, 6, 12, 16])
  expect(placesOf('aaaa', 'aa')).toEqual([0, 2])
  // A capital whose small letter takes two characters moves nothing.
  expect(placesOf('İ İx', 'x')).toEqual([3])
  expect(placesOf('anything', ' ')).toEqual([])
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 3 }), (within, text) => {
      for (const at of placesOf(within, text))
        expect(within.slice(at, at + text.length).toLowerCase()).toBe(text.toLowerCase())
    }),
  )
})

test('an entry answers when every word is in it, best when its label begins with them', () => {
  const score = (label: string, typed: string) => entryScore({ label, words: ['chat.new'] }, typed)
  expect(score('New chat', 'new')).toBeGreaterThan(score('A new chat', 'new'))
  expect(score('A new chat', 'new')).toBeGreaterThan(score('Renew', 'new'))
  expect(score('New chat', 'chat new')).toBeGreaterThan(0)
  expect(score('New chat', 'new zebra')).toBe(0)
})

function chatAt(updatedAtMs: number): ChatSummary {
  const id = String(updatedAtMs)
  return { id, title: id, folderId: null, isPinned: false, createdAtMs: 0, updatedAtMs, messages: 1 }
}

test('a day begins at midnight here, and every chat stands in one group', () => {
  const now = new Date(2026, 2, 30, 0, 30).getTime()
  const at = (day: number, hour: number) => new Date(2026, 2, day, hour).getTime()
  const chats = [at(30, 0), at(29, 23), at(29, 0), at(28, 23), at(24, 0), at(23, 23)].map(chatAt)
  const rows = groupChats(chats, [], new Set(), now)
  expect(rows.map((row) => (row.kind === 'group' ? `${row.id} ${row.count}` : ''))).toEqual([
    'today 1',
    '',
    'yesterday 2',
    '',
    '',
    'week 2',
    '',
    '',
    'earlier 1',
    '',
  ])
  const folders = [{ id: 'f', name: 'F' }]
  fc.assert(
    fc.property(fc.array(fc.record({ folder: fc.boolean(), isPinned: fc.boolean(), ms: fc.nat(now) })), (given) => {
      const all = given.map(({ folder, isPinned, ms }, index) => ({
        ...chatAt(ms),
        id: String(index),
        folderId: folder ? 'f' : null,
        isPinned,
      }))
      const shown = groupChats(all, folders, new Set(), now).flatMap((row) => (row.kind === 'chat' ? row.id : []))
      expect(shown.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
    }),
  )
})

test('what is kept of the list survives storage that holds anything or refuses', () => {
  const storage = pageStorage()
  keepClosedGroups(storage, new Set(['week']))
  expect([...readClosedGroups(storage)]).toEqual(['week'])
  for (const junk of ['{', '{}', '[1,null]', '"x"']) {
    storage.setItem('hearth.closedGroups', junk)
    expect([...readClosedGroups(storage)]).toEqual([])
  }
  expect(readSidebarOpen(refusingStorage)).toBe(true)
})

test.each([
  [true, 1200, 100, true],
  [true, 899, 100, false],
  [true, 1200, 150, false],
  [true, 1350, 150, true],
  [false, 1350, 100, false],
])(
  'the list of chats begins where it has room beside the conversation: %s at %d px and %d %%',
  (was, widthPx, percent, isOpen) => {
    expect(isSidebarOpenAtStart(was, widthPx, percent)).toBe(isOpen)
  },
)
