// The comparison as it is seen: what is asked and of whom, which run is in progress, the answers, their words, and what is taken over.
import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { InferenceError } from '../../renderer/inference/inferenceError.ts'
import { ComparePanel } from '../../renderer/views/panels/compare/ComparePanel.tsx'
import { type ChatDeskOptions, chatDesk } from '../support/chatDesk.ts'
import { family, ownChat } from '../support/models.ts'
import { violations } from '../support/shell.tsx'

async function open(options: ChatDeskOptions = {}) {
  const parts = await chatDesk(options)
  const { compare, models, conversation } = parts.app
  const view = render(
    <main>
      <h2>Compare</h2>
      <ComparePanel compare={compare} models={models} conversation={conversation} onLink={() => {}} />
    </main>,
  )
  const user = userEvent.setup()
  const ask = async (text: string) => {
    await user.type(screen.getByRole('textbox', { name: 'Text' }), text)
    await user.click(screen.getByRole('button', { name: 'Compare' }))
  }
  return { ...parts, view, user, ask }
}

const column = (name: string) => within(screen.getByRole('region', { name }))

/** As where memory holds one model at a time. */
function makeScarce({ engine }: Awaited<ReturnType<typeof open>>): void {
  act(() => {
    engine.memory = { needBytes: 9_000_000, haveBytes: 8_000_000 }
  })
}

test('the variants of the family are asked, and each answer has its speed and length', async () => {
  const { ask, user } = await open()
  await user.click(screen.getByRole('radio', { name: 'One after another' }))
  await ask('Tell a story.')
  const base = within(await screen.findByRole('region', { name: 'TinyStories 15M base' }))
  expect(await base.findByText('38.2 tokens per second')).toBeTruthy()
  expect(base.getByText('120 ms')).toBeTruthy()
  expect(base.getByText('3 tokens, 3 words')).toBeTruthy()
  expect(base.getByText(/seed 101/)).toBeTruthy()
  await vi.waitFor(() => expect(column('TinyStories 15M chat').getByText('done: length reached')).toBeTruthy())
})

test('models write at once, how many are done is said, and their figures are marked', async () => {
  const { ask, engine } = await open({ byHand: true })
  expect(screen.getByRole('radio', { name: 'At once' })).toHaveProperty('checked', true)
  expect(screen.getByRole('group', { name: 'They write' }).getAttribute('aria-describedby')).toBe(
    screen.getByText(/share the graphics device/).id,
  )
  await ask('Hello')
  expect(await screen.findByText('3 models write at once, 0 done.')).toBeTruthy()
  expect(screen.getByRole('radio', { name: 'One after another' })).toHaveProperty('disabled', true)
  const chat = column('TinyStories 15M chat')
  act(() => engine.step(family[0]?.key))
  expect(await column('TinyStories 15M base').findByText('writes')).toBeTruthy()
  expect(chat.getByText('reads')).toBeTruthy()
  act(() => {
    for (let words = 0; words < 3; words += 1) engine.step(family[2]?.key)
  })
  expect(await chat.findByText('38.2 tokens per second, while 2 others wrote')).toBeTruthy()
  expect(chat.getByText('120 ms, while 2 others wrote')).toBeTruthy()
  expect(screen.getByText('3 models write at once, 1 done.')).toBeTruthy()
  act(() => {
    for (let words = 0; words < 5; words += 1) engine.step()
  })
  expect(await screen.findByRole('button', { name: 'Compare' })).toBeTruthy()
})

test('while models are loaded the others say that they wait', async () => {
  const gate = Promise.withResolvers<void>()
  let loads = 0
  // The first is that of the model in use, before the comparison.
  const { ask } = await open({ loading: () => (++loads < 3 ? Promise.resolve() : gate.promise) })
  await ask('Hello')
  expect(await screen.findByText('TinyStories 15M instruct is loaded. None writes before all are there.')).toBeTruthy()
  expect(column('TinyStories 15M base').getByText('ready, waits for the others')).toBeTruthy()
  expect(column('TinyStories 15M chat').getByText('waits for its turn')).toBeTruthy()
  await act(async () => gate.resolve())
  expect(await screen.findByRole('button', { name: 'Compare' })).toBeTruthy()
})

test('where memory does not hold them together the panel says why, which run is in progress, and Stop ends all', async () => {
  const parts = await open({ byHand: true })
  const { ask, engine, user } = parts
  makeScarce(parts)
  await ask('Hello')
  expect(
    screen.getByText(/Not at once: together these models take 9\.0 MB of memory, and loaded models may take 8\.0 MB/),
  ).toBeTruthy()
  expect(screen.getByRole('radio', { name: 'One after another' })).toHaveProperty('checked', true)
  expect(await screen.findByText('Run 1 of 3: TinyStories 15M base, reads')).toBeTruthy()
  expect(column('TinyStories 15M chat').getByText('waits for its turn')).toBeTruthy()
  act(() => engine.step())
  expect(await screen.findByText('Run 1 of 3: TinyStories 15M base, writes')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Stop' }))
  expect(await screen.findByRole('button', { name: 'Compare' })).toBeTruthy()
  expect(screen.getByRole('radio', { name: 'At once' })).toHaveProperty('disabled', true)
  expect(column('TinyStories 15M base').getByText('done: stopped')).toBeTruthy()
  expect(column('TinyStories 15M chat').getByText('stopped')).toBeTruthy()
})

test('memory that is short only while models are loaded is said with the model and the number', async () => {
  const { ask, engine } = await open()
  const load = engine.load
  engine.load = async (model, watcher, signal) => {
    if (model.manifest.variant === 'chat' && engine.warm().some(({ key }) => key !== model.key))
      throw new InferenceError({ code: 'out-of-memory', needBytes: 14_000_000, detail: 'test' })
    await load(model, watcher, signal)
  }
  await ask('Hello')
  const said = await screen.findByText(/had no memory left for TinyStories 15M chat, which takes 14\.0 MB/)
  expect(said.getAttribute('role')).toBe('status')
  await vi.waitFor(() => expect(column('TinyStories 15M chat').getByText('done: length reached')).toBeTruthy())
})

test('Ctrl+Enter starts and Esc stops within the panel', async () => {
  const { user, engine } = await open({ byHand: true })
  await user.type(screen.getByRole('textbox', { name: 'Text' }), 'Hello{Control>}{Enter}{/Control}')
  await vi.waitFor(() => expect(engine.requests).toHaveLength(3))
  await user.keyboard('{Escape}')
  expect(await screen.findByRole('button', { name: 'Compare' })).toBeTruthy()
})

test('at most three models are chosen, at least two', async () => {
  const { user, app } = await open({ models: [...family, ownChat] })
  await user.type(screen.getByRole('textbox', { name: 'Text' }), 'Hello')
  const box = (name: string) => screen.getByRole('checkbox', { name })
  expect(box('Own chat')).toHaveProperty('disabled', true)
  await user.click(box('TinyStories 15M instruct'))
  expect(screen.queryByRole('textbox', { name: /^Input/ })).toBe(null)
  await user.click(box('Own chat'))
  expect(app.compare.chosen().map(({ manifest }) => manifest.title)).toEqual([
    'TinyStories 15M base',
    'TinyStories 15M chat',
    'Own chat',
  ])
  await user.click(box('Own chat'))
  await user.click(box('TinyStories 15M chat'))
  expect(screen.getByRole('button', { name: 'Compare' }).getAttribute('aria-disabled')).toBe('true')
  await user.click(screen.getByRole('button', { name: 'The variants of this family' }))
  expect(app.compare.chosen()).toHaveLength(3)
})

test('a model that cannot be loaded says why, the others answer', async () => {
  const { ask, engine } = await open()
  const load = engine.load
  engine.load = async (model, watcher, signal) => {
    engine.loadProblem = model.manifest.variant === 'instruct' ? { code: 'load-failed', detail: 'no file' } : null
    await load(model, watcher, signal)
  }
  await ask('Hello')
  expect(await screen.findByText(/The model could not be loaded.* no file/)).toBeTruthy()
  await vi.waitFor(() => expect(column('TinyStories 15M chat').getByText('done: length reached')).toBeTruthy())
})

test('an answer is taken over once', async () => {
  const { ask, user, app } = await open()
  await ask('Hello')
  await user.click(await screen.findByRole('button', { name: 'Take over the answer of TinyStories 15M chat' }))
  expect(await screen.findByText('Taken over into the conversation')).toBeTruthy()
  expect(app.conversation.store.getState().path.at(-1)?.writer?.variant).toBe('chat')
})

test('the words of two answers are compared', async () => {
  const { ask, user } = await open()
  await ask('Hello')
  expect(await screen.findByText('The two texts are the same.')).toBeTruthy()
  await user.selectOptions(screen.getByRole('combobox', { name: /^Second answer/ }), '2')
  expect(await screen.findByText('The two texts are the same.')).toBeTruthy()
})

test('before, while and after it runs the panel has no accessibility violation', async () => {
  const { ask, engine, user } = await open({ byHand: true })
  expect(await violations()).toEqual([])
  await ask('Hello')
  act(() => engine.step())
  await screen.findByText(/writes/)
  expect(await violations()).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Stop' }))
  await screen.findByText(/Words of two/)
  expect(await violations()).toEqual([])
})
