// Messages in the window: what can be done with them by pointer and by keyboard, and what they say about themselves.
import { fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { ContextUse } from '../../renderer/state/chats/api.ts'
import { ContextBar } from '../../renderer/views/chat/ContextBar.tsx'
import type { Message } from '../../shared/chats/types.ts'
import { installed } from '../support/models.ts'
import { openShell, readyShell, violations } from '../support/shell.tsx'

/** A chat with the chat model, with one exchange in it. */
async function exchanged(words: readonly string[] = ['Hello', ' you.'], cachedTokens = 0) {
  const parts = await readyShell({ engine: { words, cachedTokens } })
  await parts.app.select(installed('chat'))
  const box = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Your message' })
  await parts.user.type(box, 'Hi{Enter}')
  await vi.waitFor(() => expect(parts.app.conversation.store.getState().path.at(-1)?.state).toBe('done'))
  await screen.findByText(/^Finished after/)
  return { ...parts, box }
}

const articles = () => screen.getAllByRole('article')
const answer = () => screen.getByRole('article', { name: 'TinyStories 15M chat' })
const question = () => screen.getByRole('article', { name: 'You' })
const path = (app: Awaited<ReturnType<typeof exchanged>>['app']) => app.conversation.store.getState().path

test('an answer names its model and variant, and how it was written', async () => {
  await exchanged()
  const own = within(answer())
  expect(own.getByText('chat')).toBeTruthy()
  expect(
    own.getByText('38.2 tokens per second · first after 120 ms · 2 tokens, length reached · prompt 5 tokens'),
  ).toBeTruthy()
  expect(within(question()).queryByText(/tokens/)).toBe(null)
})

test('an answer that was cut can be gone on with; the text grows in its place', async () => {
  const { user, app } = await exchanged()
  await user.click(within(answer()).getByRole('button', { name: 'Go on' }))
  await vi.waitFor(() => expect(path(app).at(-1)?.text).toBe('Hello you.Hello you.'))
  expect(articles()).toHaveLength(2)
})

test('written again, an answer has versions, and the arrows lead from one to the other', async () => {
  const { user, app } = await exchanged()
  const first = path(app).at(-1)?.id
  await user.click(within(answer()).getByRole('button', { name: 'Write again' }))
  await vi.waitFor(() => expect(path(app).at(-1)?.state).toBe('done'))
  expect(path(app).at(-1)?.id).not.toBe(first)
  expect(within(answer()).getByText('2 of 2')).toBeTruthy()
  answer().focus()
  await user.keyboard('{ArrowLeft}')
  expect(path(app).at(-1)?.id).toBe(first)
  expect(within(answer()).getByText('1 of 2')).toBeTruthy()
  await vi.waitFor(() => expect(document.activeElement).toBe(answer()))
  await user.keyboard('{ArrowRight}')
  expect(path(app).at(-1)?.id).not.toBe(first)
})

test('a message of one’s own is edited in its place: Enter sends another version, Esc leaves it', async () => {
  const { user, app } = await exchanged()
  question().focus()
  await user.keyboard('{Enter}')
  const editor = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Edit message' })
  expect(document.activeElement).toBe(editor)
  await user.keyboard(' there{Escape}')
  expect(screen.queryByRole('textbox', { name: 'Edit message' })).toBe(null)
  expect(path(app)[0]?.text).toBe('Hi')
  expect(document.activeElement).toBe(question())
  await user.keyboard('{F2}')
  await user.keyboard(' there{Enter}')
  await vi.waitFor(() => expect(path(app)[0]?.text).toBe('Hi there'))
  expect(within(question()).getByText('2 of 2')).toBeTruthy()
  expect(await violations()).toEqual([])
})

test('arrow keys, Home and End go from message to message; Tab stops only at the buttons of one', async () => {
  const { user } = await exchanged()
  answer().focus()
  await user.keyboard('{ArrowUp}')
  expect(document.activeElement).toBe(question())
  await user.keyboard('{ArrowUp}')
  expect(document.activeElement).toBe(question())
  await user.keyboard('{End}')
  expect(document.activeElement).toBe(answer())
  await user.keyboard('{Home}')
  expect(document.activeElement).toBe(question())
  expect(within(question()).getByRole<HTMLButtonElement>('button', { name: 'Copy' }).tabIndex).toBe(0)
  expect(within(answer()).getByRole<HTMLButtonElement>('button', { name: 'Copy' }).tabIndex).toBe(-1)
})

test('deleted, a message goes with all behind it, and one key or button brings it back', async () => {
  const { user, app } = await exchanged()
  question().focus()
  await user.keyboard('{Delete}')
  expect(path(app)).toHaveLength(0)
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Your message' }))
  expect(screen.getByText('2 messages deleted.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  expect(path(app)).toHaveLength(2)
  expect(screen.queryByText('2 messages deleted.')).toBe(null)
})

test('copied, its text is on the clipboard', async () => {
  const { user, copied } = await exchanged()
  answer().focus()
  await user.keyboard('c')
  expect(copied).toEqual(['Hello you.'])
  expect(await screen.findByText('Copied.')).toBeTruthy()
})

test('run again from its record, an answer says that the text is the same', async () => {
  const { user, app } = await exchanged()
  await user.click(within(answer()).getByRole('button', { name: 'Run the same again' }))
  await vi.waitFor(() => expect(app.conversation.store.getState().repeated?.isSame).toBe(true))
  expect(await screen.findByText('Run again: the same text')).toBeTruthy()
})

test('where the turns before were remembered the first time, another text is explained', async () => {
  const words = ['Hello', ' you.']
  const { user } = await exchanged(words, 3)
  words[1] = ' there.'
  await user.click(within(answer()).getByRole('button', { name: 'Run the same again' }))
  expect(await screen.findByText('Run again: a different text')).toBeTruthy()
  expect(screen.getByText(/^The first time, the model remembered the turns before/)).toBeTruthy()
  expect(await violations()).toEqual([])
})

test('forked, the branch is a chat of its own', async () => {
  const { user, app } = await exchanged()
  const before = app.conversation.store.getState().chat?.id
  await user.click(within(question()).getByRole('button', { name: 'Continue in a new chat' }))
  await vi.waitFor(() => expect(app.conversation.store.getState().chat?.id).not.toBe(before))
  expect(path(app).map(({ text }) => text)).toEqual(['Hi'])
})

test('the tokens of an answer open beside it', async () => {
  const { user, app } = await exchanged()
  answer().focus()
  await user.keyboard('t')
  expect(app.navigation.store.getState()).toMatchObject({ panel: 'tokens', inspectedId: path(app).at(-1)?.id })
})

test('a message that is sought is marked, and that it was found is noted', async () => {
  const { app } = await exchanged()
  app.navigation.seek(path(app)[0]?.id ?? null)
  await vi.waitFor(() => expect(question().className).toContain('is-sought'))
  expect(app.navigation.store.getState().soughtId).toBe(null)
})

test('while an input method composes, Enter is its key', async () => {
  const { box, engine } = await exchanged()
  const asked = engine.requests.length
  fireEvent.change(box, { target: { value: 'にほん' } })
  fireEvent.keyDown(box, { key: 'Enter', isComposing: true })
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 })
  expect(engine.requests).toHaveLength(asked)
  fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 })
  await vi.waitFor(() => expect(engine.requests).toHaveLength(asked + 1))
})

test('sent while the model loads, a message waits and can be taken back', async () => {
  const { user, app } = openShell({ engine: { loading: () => new Promise(() => {}) } })
  void app.start()
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('loading'))
  await app.conversation.create()
  void app.select(installed('chat'))
  const box = await screen.findByRole('textbox', { name: 'Your message' })
  await user.type(box, 'Hi{Enter}')
  expect(await screen.findByText('Waits for the model')).toBeTruthy()
  expect(await violations()).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  await vi.waitFor(() => expect(screen.queryByText('Waits for the model')).toBe(null))
})

test('an interrupted answer says so and can be gone on with', async () => {
  const { app } = await exchanged()
  const last = path(app).at(-1) as Message
  const interrupted: Message = { ...last, state: 'interrupted', finish: null, figures: null }
  app.conversation.store.setState(({ messages }) => ({
    messages: new Map(messages).set(last.id, interrupted),
    path: [...path(app).slice(0, -1), interrupted],
  }))
  expect(await within(answer()).findByText('Interrupted. What was written is kept.')).toBeTruthy()
  expect(within(answer()).getByRole('button', { name: 'Go on' })).toBeTruthy()
})

const full: ContextUse = {
  systemTokens: 12,
  historyTokens: 100,
  draftTokens: 8,
  replyTokens: 96,
  contextTokens: 256,
  forgotten: ['one'],
  cutId: null,
}

test('the context is told in numbers; when it is full, the person chooses what happens', async () => {
  const chosen: unknown[] = []
  const longer = { contextTokens: 4096, memory: '1.2 GB', onPress: () => chosen.push('longer') }
  const user = userEvent.setup()
  const view = render(
    <ContextBar use={full} whenFull="forget" onWhenFull={(whenFull) => chosen.push(whenFull)} longer={longer} />,
  )
  for (const words of ['System 12', 'History 100', 'This text 8', 'Reply 96', 'Free 40', 'of 256 tokens'])
    expect(screen.getByText(words)).toBeTruthy()
  expect(screen.getByText('The context is full: 1 message is forgotten.')).toBeTruthy()
  await user.click(screen.getByRole('radio', { name: 'Stop and say so' }))
  await user.click(screen.getByRole('button', { name: 'Use 4096 tokens (1.2 GB)' }))
  expect(chosen).toEqual(['stop', 'longer'])
  view.rerender(<ContextBar use={{ ...full, forgotten: [] }} whenFull="stop" onWhenFull={() => {}} longer={null} />)
  expect(screen.queryByRole('radio')).toBe(null)
})

test('what the context forgets is marked, and the person chooses what happens then', async () => {
  const { user, app, engine, box } = await exchanged()
  const { inspect } = engine
  engine.inspect = async (...given) => ({
    ...(await inspect(...given)),
    parts: { system: 12, history: 100, last: 8 },
    omitted: { characters: 0, turns: 1 },
    contextTokens: 256,
  })
  await user.type(box, 'And then?')
  expect(await within(question()).findByText('forgotten')).toBeTruthy()
  for (const words of ['System 12', 'History 100', 'This text 8', 'Reply 96', 'Free 40', 'of 256 tokens'])
    expect(screen.getByText(words)).toBeTruthy()
  expect(screen.getByText('The context is full: 1 message is forgotten.')).toBeTruthy()
  await user.click(screen.getByRole('radio', { name: 'Stop and say so' }))
  expect(app.conversation.store.getState().chat?.settings.whenFull).toBe('stop')
})

test('a model whose variant and template disagree is explained, and treated as the person says', async () => {
  const odd = {
    ...installed('base'),
    manifest: { ...installed('base').manifest, prompt: installed('chat').manifest.prompt },
  }
  const { user, app, engine } = await readyShell({ models: [odd] })
  expect(screen.getByText(/calls itself a base model, yet it comes with the template “tiny-chat”/)).toBeTruthy()
  expect(app.conversation.variant()).toBe('chat')
  await user.click(screen.getByRole('radio', { name: 'base' }))
  await vi.waitFor(() => expect(app.conversation.variant()).toBe('base'))
  expect(engine.loads.at(-1)?.manifest.prompt).toEqual({ kind: 'completion' })
  expect(screen.getByRole('textbox', { name: 'Document' })).toBeTruthy()
  expect(await violations()).toEqual([])
})

test('an answer is read aloud sentence by sentence while it comes', async () => {
  const { user, engine, app } = await readyShell({
    engine: { byHand: true, words: ['One', ' day. The', ' cat', ' slept.'] },
  })
  await app.select(installed('chat'))
  await user.type(await screen.findByRole('textbox', { name: 'Your message' }), 'Hi{Enter}')
  const aloud = () => document.querySelector('p[aria-live]')?.textContent
  engine.step()
  engine.step()
  await vi.waitFor(() => expect(aloud()).toBe('One day.'))
  engine.step()
  engine.step()
  engine.step()
  await screen.findByText('Finished after 4 tokens. The cat slept.')
})

test('an instruction can have an input', async () => {
  const { user, app, engine } = await readyShell()
  await app.select(installed('instruct'))
  await user.type(await screen.findByRole('textbox', { name: 'Instruction' }), 'Say it again.')
  await user.click(screen.getByRole('button', { name: 'Add input' }))
  await user.type(screen.getByRole('textbox', { name: 'Input' }), 'One day{Enter}')
  await vi.waitFor(() => expect(engine.requests).toHaveLength(1))
  expect(path(app)[0]).toMatchObject({ text: 'Say it again.', input: 'One day' })
  await screen.findByText(/^Finished after/)
  expect(within(question()).getByText('One day')).toBeTruthy()
})

test('a base model’s text is continued in the form of a dialogue, whose stop is named', async () => {
  const { user, app } = await exchanged()
  await user.keyboard('{Alt>}1{/Alt}')
  await screen.findByText('TinyStories 15M base is ready.')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Form of the text' }), 'Dialogue')
  expect(app.conversation.store.getState().chat?.settings.scaffold).toBe('dialogue')
  expect(screen.getByText('Turns begin with “User:” and “Assistant:”. It stops at “User:”.')).toBeTruthy()
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Document' }).value).toContain(
    'User: Hi\nAssistant: Hello you.',
  )
})
