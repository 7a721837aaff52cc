// Ctrl+K: commands, chats, messages, models; and what was chosen last.
import { act, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { chatNamed, messageIn } from '../support/chats.ts'
import { nowMs } from '../support/management.ts'
import { givePageSize } from '../support/pageSize.ts'
import { openShell, violations } from '../support/shell.tsx'

givePageSize(() => null)
beforeEach(() => localStorage.clear())

async function open() {
  const parts = openShell()
  const chat = chatNamed('Garden plans', { updatedAtMs: nowMs })
  const message = messageIn(chat.id, 'When do tulips flower?')
  parts.chats.chats.set(chat.id, { ...chat, leafId: message.id })
  parts.chats.messages.set(message.id, message)
  parts.chats.chats.set('00000000-0000-4000-8000-00000000000b', {
    ...chatNamed('Sums', { updatedAtMs: nowMs + 1 }),
    id: '00000000-0000-4000-8000-00000000000b',
  })
  await act(async () => {
    await parts.app.start()
    await parts.management.start(new AbortController().signal)
  })
  await parts.user.keyboard('{Control>}k{/Control}')
  return { ...parts, chat, message }
}

const dialog = () => within(screen.getByRole('dialog', { name: 'Search and commands' }))
const lines = () =>
  dialog()
    .getAllByRole('option')
    .map(({ textContent }) => textContent)

test('what can be done is there with its keys, and what cannot be done is not', async () => {
  await open()
  expect(lines()).toContain('New chatCtrl+N')
  expect(lines().some((line) => line?.startsWith('Garden plans'))).toBe(true)
  expect(lines().some((line) => line?.startsWith('Next place'))).toBe(false)
  expect(await violations()).toEqual([])
})

test('opened again at once it stays open: browsers tell later that it was closed', async () => {
  const { user, app } = await open()
  const element = screen.getByRole('dialog', { name: 'Search and commands' })
  act(() => app.navigation.closePalette())
  await user.keyboard('{Control>}k{/Control}')
  act(() => void element.dispatchEvent(new Event('close')))
  expect(app.navigation.store.getState().paletteOpen).toBe(true)
})

test('a chat is found by its name and by what was said in it', async () => {
  const { user, app, chat, message } = await open()
  await user.keyboard('garden')
  await waitFor(() => expect(lines()[0]).toContain('Garden plans'))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(app.conversation.store.getState().chat?.id).toBe(chat.id))
  expect(app.navigation.store.getState().paletteOpen).toBe(false)
  const sought: (string | null)[] = []
  app.navigation.store.subscribe(({ soughtId }) => sought.push(soughtId))
  await user.keyboard('{Control>}k{/Control}tulips')
  await waitFor(() => expect(lines()).toEqual(['Garden plansWhen do tulips flower?']))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(sought).toContain(message.id))
})

test('an installed model is chosen by typing', async () => {
  const { user, app } = await open()
  await user.keyboard('use chat')
  await waitFor(() => expect(lines()[0]).toMatch(/^Use TinyStories 15M chat/))
  await user.keyboard('{Enter}')
  expect(app.models.getState().selected?.manifest.title).toBe('TinyStories 15M chat')
})

test('what was chosen last comes first the next time', async () => {
  const { user } = await open()
  await user.keyboard('light{Enter}')
  await user.keyboard('{Control>}k{/Control}')
  expect(dialog().getByText('Recent')).toBeTruthy()
  expect(lines()[0]).toMatch(/^Switch between light and dark/)
  expect(lines().filter((line) => line?.startsWith('Switch between'))).toHaveLength(1)
})

test('the open chat is moved into a folder by name', async () => {
  const { user, app, chats } = await open()
  const folder = { id: crypto.randomUUID(), name: 'Home' }
  await act(() => app.chats.putFolder(folder))
  await user.keyboard('move home{Enter}')
  await waitFor(() => expect([...chats.chats.values()].some(({ folderId }) => folderId === folder.id)).toBe(true))
})

test('Esc closes it, and the same keys do', async () => {
  const { user } = await open()
  expect(dialog().getByRole('combobox')).toBe(document.activeElement)
  await user.keyboard('{Control>}k{/Control}')
  expect(screen.queryByRole('dialog', { name: 'Search and commands' })).toBeNull()
})
