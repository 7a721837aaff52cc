// Keys that a person changes: recorded by pressing them, shown wherever keys are shown, refused or swapped where another command has them.
import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { readyShell, violations } from '../support/shell.tsx'

async function keysPage() {
  const parts = await readyShell()
  act(() => parts.app.navigation.showSettings('shortcuts'))
  const row = (title: string) => {
    const found = screen
      .getAllByRole('listitem')
      .find((item) => item.querySelector('.key-title')?.textContent === title)
    if (found === undefined) throw new Error(`no row ${title}`)
    return within(found)
  }
  const record = async (title: string, keys: string) => {
    await parts.user.click(row(title).getByRole('button', { name: `Change the keys of ${title}` }))
    await parts.user.keyboard(keys)
  }
  const keys = (title: string) =>
    row(title)
      .queryAllByText(/./, { selector: 'kbd' })
      .map((key) => key.textContent)
  return { ...parts, row, record, keys }
}

test('pressing keys gives them to the command: they act, and are shown everywhere', async () => {
  const { user, record, keys } = await keysPage()
  await record('Models', '{Control>}{Shift>}j{/Shift}{/Control}')
  expect(keys('Models')).toEqual(['Ctrl+Shift+J'])
  expect(screen.getByText('Models now has Ctrl+Shift+J.').getAttribute('role')).toBe('status')
  const button = within(screen.getByRole('navigation', { name: 'Areas' })).getByRole('button', { name: 'Models' })
  expect(button.getAttribute('aria-keyshortcuts')).toBe('Control+Shift+J')
  await user.keyboard('{Control>}2{/Control}')
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Keyboard shortcuts')
  await user.keyboard('{F1}')
  expect(within(screen.getByRole('dialog')).getByText('Ctrl+Shift+J')).toBeTruthy()
  await user.keyboard('{F1}{Control>}{Shift>}j{/Shift}{/Control}')
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Browse models')
})

test('a key that another command has is named with it, and swapped when that is wanted', async () => {
  const { user, record, keys, row } = await keysPage()
  await record('Models', '{Control>}l{/Control}')
  expect(screen.getByRole('alert').textContent).toContain('Ctrl+L belongs to “Switch model”.')
  expect(keys('Models')).toEqual(['Ctrl+2'])
  await user.click(row('Models').getByRole('button', { name: 'Swap the two' }))
  expect([keys('Models'), keys('Switch model')]).toEqual([['Ctrl+L'], ['Ctrl+2']])
  await user.click(row('Models').getByRole('button', { name: 'Keys of Models as usual' }))
  await user.click(screen.getByRole('button', { name: 'All as usual' }))
  expect([keys('Models'), keys('Switch model')]).toEqual([['Ctrl+2'], ['Ctrl+L']])
})

test('keys of texts are refused with the reason, and nothing else happens while keys are recorded', async () => {
  const { record, keys, app } = await keysPage()
  await record('Models', '{Control>}v{/Control}')
  expect(screen.getByRole('alert').textContent).toBe('Ctrl+V belongs to the system or to every text field.')
  await record('Models', 'j')
  expect(screen.getByRole('alert').textContent).toBe('J is needed for typing and moving.')
  await record('Models', '{Control>}1{/Control}')
  expect(app.navigation.store.getState().area).toBe('settings')
  await record('Models', '{Escape}')
  expect(keys('Models')).toEqual(['Ctrl+2'])
})

test('keys of a list act in it, and a command may have none', async () => {
  const { user, record, row, keys, app, asked } = await keysPage()
  await record('Pause, resume or try again', 'k')
  await user.click(row('Models').getByRole('button', { name: 'No key for Models' }))
  expect(keys('Models')).toEqual([])
  act(() => app.navigation.showModels('downloads'))
  const [button] = screen.getAllByRole('button', { name: /^Pause: / })
  expect(button?.getAttribute('aria-keyshortcuts')).toBe('K')
  act(() => button?.focus())
  await user.keyboard('p')
  expect(asked.filter(({ channel }) => channel === 'jobs.pause')).toEqual([])
  await user.keyboard('k')
  expect(asked.filter(({ channel }) => channel === 'jobs.pause')).toHaveLength(1)
})

test('the page has no accessibility violation', async () => {
  await keysPage()
  expect(await violations()).toEqual([])
})
