// The list of chats: groups, the keyboard, names in place, folders, deleting and bringing back, search, and what is told of the file.
import { act, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Chat, ChatsNotice, Message } from '../../shared/chats/types.ts'
import { chatNamed, messageIn } from '../support/chats.ts'
import { answered, nowMs } from '../support/management.ts'
import { installed } from '../support/models.ts'
import { givePageSize } from '../support/pageSize.ts'
import { openShell, type ShellOptions, violations } from '../support/shell.tsx'

const dayMs = 86_400_000

givePageSize((element) => (element.classList.contains('sidebar-place') ? 36 : null))
beforeEach(() => localStorage.clear())

interface Given extends ShellOptions {
  readonly chats?: readonly Chat[]
  readonly messages?: readonly Message[]
  readonly folders?: readonly { readonly id: string; readonly name: string }[]
  readonly notice?: ChatsNotice
}

async function open({ chats = [], messages = [], folders = [], notice = { kind: 'none' }, ...options }: Given = {}) {
  const parts = openShell(options)
  parts.chats.notice = notice
  for (const chat of chats) parts.chats.chats.set(chat.id, chat)
  for (const message of messages) parts.chats.messages.set(message.id, message)
  for (const folder of folders) parts.chats.folders.set(folder.id, folder)
  await act(async () => {
    await parts.app.start()
    await parts.management.start(new AbortController().signal)
  })
  return parts
}

function withMessage(chat: Chat, text = 'Hello'): { readonly chat: Chat; readonly message: Message } {
  const message = messageIn(chat.id, text)
  return { chat: { ...chat, leafId: message.id }, message }
}

const rows = () => screen.getAllByRole('treeitem').map((row) => row.getAttribute('aria-label')?.replace(/, .*/, ''))
const row = (name: string) => screen.getByRole('treeitem', { name: new RegExp(`^${name},`) })
const today = () => new Date(new Date().setHours(12, 0, 0, 0)).getTime()

test('chats stand under pinned, their folder, or the day of their last change', async () => {
  const folder = { id: crypto.randomUUID(), name: 'Work' }
  await open({
    folders: [folder],
    chats: [
      chatNamed('Kept', { isPinned: true, folderId: folder.id, updatedAtMs: 1 }),
      chatNamed('Report', { folderId: folder.id, updatedAtMs: today() }),
      chatNamed('Now', { updatedAtMs: today() }),
      chatNamed('One day ago', { updatedAtMs: today() - dayMs }),
      chatNamed('Five days ago', { updatedAtMs: today() - 5 * dayMs }),
      chatNamed('Long ago', { updatedAtMs: 1 }),
    ],
  })
  expect(rows()).toEqual([
    'Pinned',
    'Kept',
    'Work',
    'Report',
    'Today',
    'Now',
    'Yesterday',
    'One day ago',
    'Last 7 days',
    'Five days ago',
    'Earlier',
    'Long ago',
  ])
  expect(await violations()).toEqual([])
})

test('arrows, Home and End move through the list; Left goes to the heading and closes it; Enter opens a chat', async () => {
  const chats = ['Alpha', 'Beta', 'Gamma'].map((title, at) => chatNamed(title, { updatedAtMs: today() - at }))
  const { user, app } = await open({ chats })
  act(() => row('Alpha').focus())
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(document.activeElement).toBe(row('Gamma'))
  await user.keyboard('{Home}')
  expect(document.activeElement).toBe(row('Today'))
  await user.keyboard('{End}{Enter}')
  await waitFor(() => expect(app.conversation.store.getState().chat?.title).toBe('Gamma'))
  expect(row('Gamma').getAttribute('aria-selected')).toBe('true')
  await user.keyboard('{ArrowLeft}')
  expect(document.activeElement).toBe(row('Today'))
  await user.keyboard('{ArrowLeft}')
  expect(rows()).toEqual(['Today'])
  await user.keyboard('{ArrowRight}')
  expect(rows()).toHaveLength(4)
})

test('F2 renames in place: Enter keeps the name, Esc does not, and the focus returns to the row', async () => {
  const chats = [chatNamed('Alpha', { updatedAtMs: today() })]
  const { user, chats: disk } = await open({ chats })
  act(() => row('Alpha').focus())
  await user.keyboard('{F2}')
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name of the chat' }))
  await user.keyboard('A new\u202e name{Enter}')
  await waitFor(() => expect([...disk.chats.values()][0]?.title).toBe('A new name'))
  await waitFor(() => expect(document.activeElement).toBe(row('A new name')))
  await user.keyboard('{F2}Other{Escape}')
  expect(row('A new name')).toBeTruthy()
  expect([...disk.chats.values()][0]?.title).toBe('A new name')
})

test('Delete takes a chat out, the offer stays until it is used, and brings it back', async () => {
  const chats = ['Alpha', 'Beta'].map((title, at) => chatNamed(title, { updatedAtMs: today() - at }))
  const { user, chats: disk } = await open({ chats })
  act(() => row('Alpha').focus())
  await user.keyboard('{Delete}')
  await waitFor(() => expect(rows()).toEqual(['Today', 'Beta']))
  expect(disk.removed.size).toBe(1)
  expect(document.activeElement).toBe(row('Beta'))
  expect(screen.getByText('“Alpha” was deleted.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(rows()).toEqual(['Today', 'Alpha', 'Beta']))
  expect(disk.removed.size).toBe(0)
  expect(screen.queryByText('“Alpha” was deleted.')).toBeNull()
})

test('the menu of a row pins and moves into a folder that is named at once', async () => {
  const chats = ['Alpha', 'Beta'].map((title, at) => chatNamed(title, { updatedAtMs: today() - at }))
  const { user, chats: disk } = await open({ chats })
  await user.click(screen.getByRole('button', { name: 'What can be done with Beta' }))
  await user.click(screen.getByRole('menuitem', { name: 'Pin' }))
  await waitFor(() => expect(rows()).toEqual(['Pinned', 'Beta', 'Today', 'Alpha']))
  act(() => screen.getByRole('button', { name: 'What can be done with Alpha' }).focus())
  await user.keyboard('{Enter}{ArrowDown}{ArrowDown}{ArrowRight}')
  await waitFor(() => expect(document.activeElement?.textContent).toBe('No folder'))
  await user.keyboard('{End}{Enter}')
  const field = await screen.findByRole('textbox', { name: 'Name of the folder' })
  await waitFor(() => expect(document.activeElement).toBe(field))
  await user.keyboard('Work{Enter}')
  await waitFor(() => expect(rows()).toEqual(['Pinned', 'Beta', 'Work', 'Alpha']))
  const [folder] = disk.folders.values()
  expect(folder?.name).toBe('Work')
  expect([...disk.chats.values()].find(({ title }) => title === 'Alpha')?.folderId).toBe(folder?.id)
  act(() => row('Work').focus())
  await user.keyboard('{Delete}')
  await waitFor(() => expect(rows()).toEqual(['Pinned', 'Beta', 'Today', 'Alpha']))
})

test('the search finds names and messages, marks them, and Enter opens the chat at the message', async () => {
  const first = withMessage(chatNamed('Bees', { updatedAtMs: today() }), 'How do they find home?')
  const second = withMessage(chatNamed('Homework', { updatedAtMs: today() - 1 }), 'Sums')
  const { user, app } = await open({ chats: [first.chat, second.chat], messages: [first.message, second.message] })
  const field = screen.getByRole('combobox', { name: 'Search all chats' })
  await user.type(field, 'home')
  const hits = () => within(screen.getByRole('listbox', { name: 'Search all chats' })).queryAllByRole('option')
  await waitFor(() =>
    expect(hits().map(({ textContent }) => textContent)).toEqual(['Homework', 'BeesHow do they find home?']),
  )
  expect(hits()[1]?.querySelector('mark')?.textContent).toBe('home')
  expect(await violations()).toEqual([])
  await user.keyboard('{ArrowDown}{Enter}')
  await waitFor(() => expect(app.conversation.store.getState().chat?.id).toBe(first.chat.id))
  await user.keyboard('{Escape}')
  expect(rows()).toHaveLength(3)
})

test('a message on a branch that is not seen is shown', async () => {
  const { chat, message } = withMessage(chatNamed('Bees', { updatedAtMs: today() }), 'Hello')
  const hidden = messageIn(chat.id, 'How do they find home?', { id: crypto.randomUUID() })
  const { user, app } = await open({ chats: [chat], messages: [message, hidden] })
  await user.type(screen.getByRole('combobox', { name: 'Search all chats' }), 'home')
  await screen.findByRole('option', { name: /find home/ })
  await user.keyboard('{Enter}')
  await waitFor(() => expect(app.conversation.store.getState().path.map(({ id }) => id)).toEqual([hidden.id]))
})

test('a search that finds nothing says so', async () => {
  const { user } = await open({ chats: [chatNamed('Bees', { updatedAtMs: today() })] })
  await user.type(screen.getByRole('combobox', { name: 'Search all chats' }), 'zebra')
  expect(await screen.findByText('No chat holds “zebra”.')).toBeTruthy()
})

test('thousands of chats are a list of which only what is seen is in the page', async () => {
  const chats = Array.from({ length: 5000 }, (_, at) => chatNamed(`Chat ${at}`, { updatedAtMs: today() - at }))
  const { user } = await open({ chats })
  expect(screen.getAllByRole('treeitem').length).toBeLessThan(60)
  expect(row('Chat 0').getAttribute('aria-setsize')).toBe('5000')
  act(() => row('Chat 0').focus())
  await user.keyboard('{End}')
  await waitFor(() => expect(document.activeElement).toBe(row('Chat 4999')))
})

const readOnly = { kind: 'read-only', detail: '' } as const

const notices: readonly (readonly [name: string, notice: ChatsNotice, title: string, advice: RegExp])[] = [
  [
    'restored',
    { kind: 'restored', setAside: 'chats-1.db', backupAtMs: nowMs, recovered: 'some' },
    'The chats were restored',
    /A backup of .*some of it may be missing.*chats-1\.db/s,
  ],
  [
    'lost',
    { kind: 'restored', setAside: 'x.db', backupAtMs: null, recovered: 'none' },
    'The chats were restored',
    /no backup.*is missing/s,
  ],
  [
    'network',
    { kind: 'network-disk', disk: 'SMB' },
    'The chats lie on a network disk',
    /another computer \(SMB\).*HEARTH_HOME/s,
  ],
  ['newer', readOnly, 'The chats can be read, not changed', /Update Hearth/],
]

test.each(notices)('what happened to the file is told with what to do: %s', async (_name, notice, title, advice) => {
  await open({ answers: { 'chats.overview': () => answered({ chats: [], folders: [], library: [], notice }) } })
  const alert = within(screen.getByRole('complementary', { name: 'Chats' })).getByRole('alert')
  expect(alert.textContent).toContain(title)
  expect(alert.textContent).toMatch(advice)
})

test('chats that can only be read offer no change, by menu or key, and say why; a temporary chat is free', async () => {
  const sea = withMessage(chatNamed('Sea', { updatedAtMs: today() }))
  const { user, app, asked } = await open({ chats: [sea.chat], messages: [sea.message], notice: readOnly })
  await act(() => app.select(installed('chat')))
  act(() => row('Sea').focus())
  await user.keyboard('{F2}p{Delete}')
  expect(screen.queryByRole('textbox', { name: 'Name of the chat' })).toBeNull()
  await user.click(within(row('Sea')).getByRole('button', { name: /Sea/ }))
  const menu = within(await screen.findByRole('menu'))
  expect(menu.getByText('The chats can be read, not changed')).toBeTruthy()
  const items = menu.getAllByRole('menuitem')
  const disabled = items.filter((item) => item.getAttribute('aria-disabled') === 'true')
  expect(disabled.map(({ textContent }) => textContent)).toEqual([
    'RenameF2',
    'PinP',
    'Move to a folder',
    'DeleteDelete',
  ])
  expect(items).toHaveLength(5)
  await user.keyboard('{Escape}')
  expect(await violations()).toEqual([])
  await user.type(screen.getByRole('textbox', { name: 'Your message' }), 'Hi')
  const send = () => screen.getByRole('button', { name: 'Send' })
  expect(send().getAttribute('aria-disabled')).toBe('true')
  const question = screen.getByRole('article', { name: 'You' })
  for (const button of within(question).getAllByRole('button', { name: /Edit|Delete/ }))
    expect(button.getAttribute('aria-disabled')).toBe('true')
  const reason = screen.getByText(/A newer Hearth wrote the chats: this one can be read/).closest('.notice')
  await user.click(within(reason as HTMLElement).getByRole('button', { name: 'New temporary chat' }))
  await user.type(screen.getByRole('textbox', { name: 'Your message' }), 'Hi{Enter}')
  await waitFor(() => expect(app.conversation.store.getState().path).toHaveLength(2))
  expect(asked.filter(({ channel }) => /^chats\.(create|add|change|append|remove)/.test(channel))).toEqual([])
})

test('an import tells what it took and what it did not', async () => {
  const nothing = { kind: 'chat', chat: { title: 'Nothing', place: 3 }, reason: 'no-text' } as const
  // Two chats may have one title.
  const result = { chats: 2, messages: 31, skipped: [nothing, nothing] }
  const complaints = vi.spyOn(console, 'error')
  const { user } = await open({ answers: { 'chats.import': () => answered(result) } })
  await user.click(screen.getByRole('button', { name: 'Import chats' }))
  expect(await screen.findByText('2 chats with 31 messages taken in.')).toBeTruthy()
  expect(screen.getAllByText('“Nothing” holds no text.')).toHaveLength(2)
  expect(complaints).not.toHaveBeenCalled()
  complaints.mockRestore()
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText('“Nothing” holds no text.')).toBeNull()
})

test('Ctrl+B hides and shows the list; a temporary chat is marked and explained', async () => {
  const { user } = await open()
  await user.keyboard('{Control>}b{/Control}')
  expect(screen.queryByRole('complementary', { name: 'Chats' })).toBeNull()
  await user.keyboard('{Control>}b{/Control}')
  await user.click(screen.getByRole('button', { name: /emporary chat/ }))
  expect(await screen.findByText(/Nothing of it is written to the disk/)).toBeTruthy()
})

test('who closes a menu by Esc is on its row again at once', async () => {
  const { user } = await open({
    chats: [chatNamed('Alpha', { updatedAtMs: today() }), chatNamed('Beta', { updatedAtMs: 1 })],
  })
  await user.pointer({ keys: '[MouseRight]', target: row('Beta') })
  await screen.findByRole('menuitem', { name: /^Rename/ })
  await user.keyboard('{Escape}')
  await waitFor(() => expect(document.activeElement).toBe(row('Beta')))
})
