// Settings > Storage: the copies of chats, and erasing what was deleted.
import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { answered } from '../support/management.ts'
import { readyShell, type ShellOptions, violations } from '../support/shell.tsx'

const facts = { copies: 7, newestAtMs: Date.UTC(2026, 0, 1), removed: 2, damaged: 1 }

async function storage(answers: ShellOptions['answers'] = {}) {
  const parts = await readyShell({
    answers: {
      'chats.copies': () => answered(facts),
      'chats.erase': (input) =>
        answered({ ...facts, removed: 0, ...((input as { damaged: boolean }).damaged ? { damaged: 0 } : {}) }),
      ...answers,
    },
  })
  act(() => parts.app.navigation.showSettings('storage'))
  await screen.findByText('Not erased yet')
  return { ...parts, erased: () => parts.asked.filter(({ channel }) => channel === 'chats.erase') }
}

test('what was deleted is erased from all copies, and the page says so', async () => {
  const { user, erased, app } = await storage()
  await user.click(screen.getByRole('button', { name: 'Erase deleted chats for good now' }))
  expect(await screen.findByText('Erased from the file and from every copy.')).toBeTruthy()
  expect(erased().map(({ input }) => input)).toEqual([{ damaged: false }])
  expect(screen.getByText('nothing')).toBeTruthy()
  expect(app.chats.store.getState().removed).toEqual([])
  expect(await violations()).toEqual([])
})

test('damaged files go only after a question', async () => {
  const { user, erased } = await storage()
  const press = () => user.click(screen.getByRole('button', { name: 'Erase the damaged files, too' }))
  await press()
  await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Keep it' }))
  expect(erased()).toEqual([])
  await press()
  await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Erase them' }))
  expect(await screen.findByText('Erased from the file and from every copy.')).toBeTruthy()
  expect(erased().map(({ input }) => input)).toEqual([{ damaged: true }])
  expect(screen.queryByText(/lies aside/)).toBe(null)
})

test('where it fails it is told, and can be tried again', async () => {
  const { user } = await storage({
    'chats.erase': async () => ({
      ok: false,
      error: { code: 'failed', message: '', problem: { code: 'chats-damaged', detail: 'x' } },
    }),
  })
  const button = screen.getByRole('button', { name: 'Erase deleted chats for good now' })
  await user.click(button)
  expect(await screen.findByText('The file with the chats was damaged')).toBeTruthy()
  expect(button.getAttribute('aria-disabled')).toBe(null)
})
