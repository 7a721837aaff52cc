// The chat area in its window: names, keys, states.
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { editor, marked, openChat, readyChat, status } from '../support/chatArea.ts'
import { family, installed, ownChat } from '../support/models.ts'

test('the window says what the model is, that it does not answer, and where it runs', async () => {
  await readyChat()
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('TinyStories 15M base')
  expect(screen.getByText(/15-million-parameter toy that has only ever read children/)).toBeTruthy()
  expect(screen.getByText('A base model continues text; it does not answer.')).toBeTruthy()
  const footer = within(screen.getByRole('contentinfo'))
  expect(footer.getByText('Software adapter')).toBeTruthy()
  expect(footer.getByText(/swiftshader/)).toBeTruthy()
  expect(footer.getByText('no half precision')).toBeTruthy()
  expect(footer.getByText('software library')).toBeTruthy()
  expect(footer.getByText('14.2 MB of memory')).toBeTruthy()
  expect(footer.getByText('Memory: weights 8.6 MB, cache 3.5 MB, working 2.1 MB')).toBeTruthy()
  expect(footer.getByText(/runs on the processor/)).toBeTruthy()
})

test('a hardware adapter with half precision is named so, without the note', async () => {
  await readyChat({
    adapter: { name: 'Apple M2', software: false, halfPrecision: true, library: 'half' },
  })
  const footer = screen.getByRole('contentinfo').textContent
  expect(footer).toContain('Hardware adapter Apple M2')
  expect(footer).toContain('half precisionhalf library')
  expect(footer).not.toContain('processor')
})

test('a failure before any adapter was asked for says nothing about adapters', async () => {
  const { app } = openChat({}, [])
  await app.start()
  expect((await screen.findByRole('alert')).textContent).toContain('no model is installed')
  expect(screen.getByRole('contentinfo').textContent).toBe('')
})

test('the keyboard alone writes, continues, stops and takes back', async () => {
  const { user, engine } = await readyChat({ byHand: true })
  await user.click(editor())
  await user.keyboard('{Control>}a{/Control}One day')
  await user.keyboard('{Control>}{Enter}{/Control}')
  engine.step()
  await vi.waitFor(() => expect(marked()).toEqual([',']))
  expect(editor().value).toBe('One day,')
  expect(editor().readOnly).toBe(true)
  expect(status()).toBe('Writing.')
  await user.keyboard('{Escape}')
  await vi.waitFor(() => expect(status()).toBe('Stopped after 1 token. ,'))
  expect(marked()).toEqual([','])
  await user.keyboard('{Control>}{Shift>}{Backspace}{/Shift}{/Control}')
  expect(editor().value).toBe('One day')
  expect(editor().readOnly).toBe(false)
})

test('the button continues and shows the figures of the run', async () => {
  const { user } = await readyChat()
  const button = screen.getByRole('button', { name: 'Continue' })
  await user.click(button)
  await screen.findByText('38.2 tokens per second · first after 120 ms · 3 tokens, length reached · prompt 5 tokens')
  expect(editor().value).toBe('Once upon a time, there was')
  expect(marked()).toEqual([', there was'])
  expect(screen.getByRole('button', { name: 'Continue' })).toBe(button)
})

test('while the model writes, the same button stops it and keeps the focus', async () => {
  const { user, engine } = await readyChat({ byHand: true })
  const button = screen.getByRole('button', { name: 'Continue' })
  button.focus()
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('button', { name: 'Stop' })).toBe(button)
  engine.step()
  await user.keyboard('{Enter}')
  await screen.findByRole('button', { name: 'Continue' })
  expect(document.activeElement).toBe(button)
})

test('text that the model wrote can be edited like any other', async () => {
  const { user } = await readyChat()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await vi.waitFor(() => expect(editor().value).toBe('Once upon a time, there was'))
  await user.click(editor())
  await user.keyboard('{End} a cat')
  expect(editor().value).toBe('Once upon a time, there was a cat')
  expect(marked()).toEqual([', there was'])
})

test('the switch moves with arrows and chooses with Enter; each variant asks in its own way', async () => {
  const { user, engine } = await readyChat()
  screen.getByRole('radio', { name: 'Base: continues text' }).focus()
  await user.keyboard('{ArrowRight}')
  expect(engine.loads).toHaveLength(1)
  await user.keyboard('{Enter}')
  await screen.findByText('TinyStories 15M instruct is ready.')
  const box = screen.getByRole('textbox', { name: 'Instruction' })
  await user.type(box, 'Tell a story.')
  await user.click(screen.getByRole('button', { name: 'Follow instruction' }))
  const answer = await screen.findByRole('article', { name: 'TinyStories 15M instruct' })
  await vi.waitFor(() => expect(answer.textContent).toContain(', there was'))
  await user.keyboard('{Alt>}3{/Alt}')
  await screen.findByText('TinyStories 15M chat is ready.')
  expect(screen.getByRole('textbox', { name: 'Your message' })).toBeTruthy()
})

test('a model of another family is chosen by name; with one family there is nothing to choose', async () => {
  const { user, engine, view } = await readyChat({}, [ownChat, ...family])
  const families = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Model family' })
  expect(Array.from(families.options, ({ text }) => text)).toEqual(['TinyStories 15M', 'Own'])
  expect(families.value).toBe('TinyStories 15M')
  await user.selectOptions(families, 'Own')
  await screen.findByText('Own chat is ready.')
  expect(engine.loads.at(-1)).toEqual(ownChat)
  expect(screen.getByRole('radio', { name: /^Base/ })).toHaveProperty('ariaDisabled', 'true')
  await user.selectOptions(families, 'TinyStories 15M')
  await screen.findByText('TinyStories 15M chat is ready.')
  view.unmount()
  await readyChat()
  expect(screen.queryByRole('combobox', { name: 'Model family' })).toBe(null)
})

test('in the chat Enter sends, Shift+Enter starts a new line', async () => {
  const { user, app } = await readyChat({ words: ['Hello', ' you.'] })
  await app.select(installed('chat'))
  const box = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Your message' })
  await user.type(box, 'Hi{Shift>}{Enter}{/Shift}there{Enter}')
  const feed = within(await screen.findByRole('feed', { name: 'Conversation' }))
  await vi.waitFor(() => expect(feed.getAllByRole('article')).toHaveLength(2))
  const [question, answer] = feed.getAllByRole('article')
  expect(question?.textContent).toContain('Hi\nthere')
  await vi.waitFor(() => expect(answer?.textContent).toContain('Hello you.'))
  expect(box.value).toBe('')
})

test('the list of shortcuts opens with Ctrl+/ and names every key', async () => {
  const { user } = await readyChat()
  await user.keyboard('{Control>}/{/Control}')
  const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
  expect(within(dialog).getByText('Ctrl+Enter')).toBeTruthy()
  expect(within(dialog).getByText('Esc')).toBeTruthy()
  await user.click(within(dialog).getByRole('button', { name: 'Close' }))
  expect(screen.queryByRole('dialog')).toBe(null)
})

test('opening and closing the list of shortcuts keeps nothing of how the window looks: what was chosen elsewhere meanwhile stays', async () => {
  const { app, user } = await readyChat()
  let kept = 0
  app.appearance.subscribe(() => (kept += 1))
  await user.keyboard('{F1}')
  expect(screen.getByRole('dialog')).toBeTruthy()
  await user.keyboard('{F1}')
  expect(screen.queryByRole('dialog')).toBe(null)
  expect(kept).toBe(0)
})

test('F1 opens and closes the list of shortcuts; behind it no other key acts', async () => {
  const { user, engine } = await readyChat({ byHand: true })
  await user.keyboard('{F1}')
  const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
  expect(within(dialog).getByText('F1')).toBeTruthy()
  await user.keyboard('{Control>}{Enter}{/Control}{Control>}n{/Control}{Alt>}3{/Alt}')
  expect(engine.requests).toEqual([])
  expect(engine.loads).toHaveLength(1)
  expect(editor().value).toBe('Once upon a time')
  await user.keyboard('{F1}')
  expect(screen.queryByRole('dialog')).toBe(null)
  await user.keyboard('{Control>}{Enter}{/Control}')
  expect(engine.requests).toHaveLength(1)
})

test('the theme switch turns the page dark and light again', async () => {
  const { user } = await readyChat()
  const button = screen.getByRole('button', { name: 'Switch between light and dark' })
  await user.click(button)
  expect(document.documentElement.dataset.theme).toBe('dark')
  await user.keyboard('{Control>}{Shift>}l{/Shift}{/Control}')
  expect(document.documentElement.dataset.theme).toBe('light')
})

test('a lost device is told, and the text stays', async () => {
  const { engine, user } = await readyChat()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await vi.waitFor(() => expect(editor().value).toBe('Once upon a time, there was'))
  engine.lose('crash')
  expect(await screen.findByText(/the model has been loaded again/)).toBeTruthy()
  expect(editor().value).toBe('Once upon a time, there was')
})
