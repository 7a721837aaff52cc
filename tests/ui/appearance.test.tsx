// Language, size, direction and contrast: chosen on their page, seen on the whole page, and by keys.
import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { readyShell, violations } from '../support/shell.tsx'

const page = document.documentElement
const choice = (name: string, option: string) =>
  within(screen.getByRole('group', { name })).getByRole('radio', { name: option })

async function appearancePage() {
  const parts = await readyShell()
  act(() => parts.app.navigation.showSettings('appearance'))
  return parts
}

test('another language is seen at once, and the way back as well', async () => {
  const { user } = await appearancePage()
  expect(page.lang).toBe('en')
  await user.click(choice('Language', 'Deutsch'))
  expect(page.lang).toBe('de')
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Darstellung')
  await user.click(choice('Sprache', 'English'))
  expect(page.lang).toBe('en')
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Appearance')
})

test('size, contrast and direction are put on the page, and one button takes all of it back', async () => {
  const { user } = await appearancePage()
  await user.click(choice('Text size', 'Largest'))
  await user.click(choice('High contrast', 'Always'))
  await user.click(choice('Writing direction', 'Right to left'))
  expect({ dir: page.dir, ...page.dataset }).toEqual({
    dir: 'rtl',
    theme: 'system',
    fontSize: 'largest',
    contrast: 'more',
  })
  await user.click(screen.getByRole('button', { name: 'All as usual' }))
  expect({ dir: page.dir, ...page.dataset }).toEqual({
    dir: 'ltr',
    theme: 'system',
    fontSize: 'usual',
    contrast: 'system',
  })
})

test('the keys of a zoom make the text larger, smaller and usual again, in every area', async () => {
  const { user } = await readyShell()
  await user.keyboard('{Control>}={/Control}{Control>}2{/Control}{Control>}+{/Control}')
  expect(page.dataset.fontSize).toBe('larger')
  await user.keyboard('{Control>}-{/Control}')
  expect(page.dataset.fontSize).toBe('large')
  await user.keyboard('{Control>}0{/Control}')
  expect(page.dataset.fontSize).toBe('usual')
})

test('the page has no accessibility violation', async () => {
  await appearancePage()
  expect(await violations()).toEqual([])
})
