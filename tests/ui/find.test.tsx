// Finding text in the open chat: a count over every message of the branch, forward and back, and the focus where it was.
import { act, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { chatNamed, messageIn } from '../support/chats.ts'
import { nowMs } from '../support/management.ts'
import { family } from '../support/models.ts'
import { givePageSize } from '../support/pageSize.ts'
import { openShell, violations } from '../support/shell.tsx'

givePageSize(() => null)
beforeEach(() => localStorage.clear())

const texts = ['One fish', 'two fish, red FISH', 'nothing', 'blue fish']

async function open(variant: 'base' | 'chat') {
  const parts = openShell({ models: family.filter(({ manifest }) => manifest.variant === variant) })
  const chat = chatNamed('Fish', { updatedAtMs: nowMs })
  const messages = texts.map((text, at) => messageIn(chat.id, text, { role: at % 2 === 0 ? 'user' : 'assistant' }))
  const linked = messages.map((message, at) => ({ ...message, parentId: messages[at - 1]?.id ?? null }))
  const other = messageIn(chat.id, 'fish of another branch', { parentId: linked[0]?.id ?? null })
  parts.chats.chats.set(chat.id, { ...chat, leafId: linked.at(-1)?.id ?? null })
  for (const message of [...linked, other]) parts.chats.messages.set(message.id, message)
  await act(async () => {
    await parts.app.start()
    await parts.management.start(new AbortController().signal)
  })
  const sought: (number | null)[] = []
  parts.app.navigation.store.subscribe(({ soughtId }) => {
    if (soughtId !== null) sought.push(linked.findIndex(({ id }) => id === soughtId))
  })
  return { ...parts, sought }
}

const count = () => screen.getByRole('textbox', { name: 'Find in this chat' }).nextElementSibling?.textContent

test('places are counted over the whole branch; Enter and F3 go on, with Shift back, and around', async () => {
  const { user, sought } = await open('chat')
  await user.keyboard('{Control>}f{/Control}')
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Find in this chat' }))
  await user.keyboard('fish')
  await waitFor(() => expect(count()).toBe('4 of 4'))
  expect(sought.at(-1)).toBe(3)
  await user.keyboard('{Enter}')
  expect([count(), sought.at(-1)]).toEqual(['1 of 4', 0])
  await user.keyboard('{F3}{F3}')
  expect([count(), sought.at(-1)]).toEqual(['3 of 4', 1])
  await user.keyboard('{Shift>}{F3}{/Shift}{Shift>}{Enter}{/Shift}{Shift>}{Enter}{/Shift}')
  expect([count(), sought.at(-1)]).toEqual(['4 of 4', 3])
  expect(await violations()).toEqual([])
})

test('the same keys once more select what is looked for', async () => {
  const { user } = await open('chat')
  await user.keyboard('{Control>}f{/Control}fish')
  act(() => screen.getByRole('combobox', { name: 'Search all chats' }).focus())
  await user.keyboard('{Control>}f{/Control}blue')
  await waitFor(() => expect(count()).toBe('1 of 1'))
})

test('Esc closes the line and gives the focus back', async () => {
  const { user } = await open('chat')
  const field = screen.getByRole('combobox', { name: 'Search all chats' })
  await user.click(field)
  await user.keyboard('{Control>}f{/Control}zebra')
  expect(count()).toBe('not found')
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('textbox', { name: 'Find in this chat' })).toBeNull()
  expect(document.activeElement).toBe(field)
})

test('with a base model its text is searched', async () => {
  const { user, sought } = await open('base')
  await user.keyboard('{Control>}f{/Control}fish')
  await waitFor(() => expect(count()).toBe('4 of 4'))
  expect(sought).toEqual([])
})
