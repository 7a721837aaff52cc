// What opens beside the conversation: by key and by button, with the focus going there and back.
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { readyShell, violations } from '../support/shell.tsx'

const panel = (name: string) => screen.queryByRole('complementary', { name })

test('a key opens a panel and closes it, and the focus goes there and back', async () => {
  const { user } = await readyShell()
  const before = screen.getByRole('button', { name: /^Switch model/ })
  before.focus()
  await user.keyboard('{Alt>}p{/Alt}')
  expect(document.activeElement?.textContent).toBe('How it writes')
  await user.keyboard('{Alt>}p{/Alt}')
  expect(panel('How it writes')).toBe(null)
  expect(document.activeElement).toBe(before)
})

test('one panel takes the place of another, and its button closes it', async () => {
  const { user } = await readyShell()
  await user.keyboard('{Alt>}p{/Alt}{Alt>}t{/Alt}')
  expect(panel('How it writes')).toBe(null)
  await user.keyboard('{Alt>}c{/Alt}')
  const compare = within(panel('Compare models') ?? document.body)
  await user.click(compare.getByRole('button', { name: 'Close this panel' }))
  expect(panel('Compare models')).toBe(null)
})

test('values that are chosen hold for what is sent next', async () => {
  const { user, engine, app } = await readyShell()
  await user.keyboard('{Alt>}p{/Alt}')
  await user.click(screen.getByRole('button', { name: 'Precise' }))
  await app.conversation.send()
  expect(engine.requests.at(-1)?.sampling).toMatchObject({ temperature: 0.3, topP: 0.9, repetitionPenalty: 1.2 })
})

test.each(['p', 't', 'c'])('the window with the panel of Alt+%s has no accessibility violation', async (key) => {
  const { user } = await readyShell()
  await user.keyboard(`{Alt>}${key}{/Alt}`)
  expect(await violations()).toEqual([])
})
