// The chat area in its window: names, keys, states; and no accessibility violation in any of them.
import { screen, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import type { InstalledModel } from '../../shared/model.ts'
import { family, installed, ownChat } from '../support/models.ts'
import { openShell, violations } from '../support/shell.tsx'
import type { StoryOptions } from '../support/storyEngine.ts'

function open(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  return openShell({ engine: options, models })
}

async function ready(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  const parts = open(options, models)
  await parts.app.start()
  await screen.findByText('TinyStories 15M base is ready.')
  return parts
}

const editor = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Document' })
/** Of all places that say what changes, those that say something. */
const status = () =>
  screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .join('')
const marked = () => [...document.querySelectorAll('mark')].map((mark) => mark.textContent)

test('the window says what the model is, that it does not answer, and where it runs', async () => {
  await ready()
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
  await ready({
    adapter: { name: 'Apple M2', software: false, halfPrecision: true, library: 'half' },
  })
  const footer = screen.getByRole('contentinfo').textContent
  expect(footer).toContain('Hardware adapter Apple M2')
  expect(footer).toContain('half precisionhalf library')
  expect(footer).not.toContain('processor')
})

test('a failure before any adapter was asked for says nothing about adapters', async () => {
  const { app } = open({}, [])
  await app.start()
  expect((await screen.findByRole('alert')).textContent).toContain('no model is installed')
  expect(screen.getByRole('contentinfo').textContent).toBe('')
})

test('the keyboard alone writes, continues, stops and takes back', async () => {
  const { user, engine } = await ready({ byHand: true })
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
  const { user } = await ready()
  const button = screen.getByRole('button', { name: 'Continue' })
  await user.click(button)
  await screen.findByText('38.2 tokens per second · first after 120 ms · 3 tokens, length reached · prompt 5 tokens')
  expect(editor().value).toBe('Once upon a time, there was')
  expect(marked()).toEqual([', there was'])
  expect(screen.getByRole('button', { name: 'Continue' })).toBe(button)
})

test('while the model writes, the same button stops it and keeps the focus', async () => {
  const { user, engine } = await ready({ byHand: true })
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
  const { user } = await ready()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await vi.waitFor(() => expect(editor().value).toBe('Once upon a time, there was'))
  await user.click(editor())
  await user.keyboard('{End} a cat')
  expect(editor().value).toBe('Once upon a time, there was a cat')
  expect(marked()).toEqual([', there was'])
})

test('the switch moves with arrows and chooses with Enter; each variant asks in its own way', async () => {
  const { user, engine } = await ready()
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
  const { user, engine, view } = await ready({}, [ownChat, ...family])
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
  await ready()
  expect(screen.queryByRole('combobox', { name: 'Model family' })).toBe(null)
})

test('in the chat Enter sends, Shift+Enter starts a new line', async () => {
  const { user, app } = await ready({ words: ['Hello', ' you.'] })
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
  const { user } = await ready()
  await user.keyboard('{Control>}/{/Control}')
  const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
  expect(within(dialog).getByText('Ctrl+Enter')).toBeTruthy()
  expect(within(dialog).getByText('Esc')).toBeTruthy()
  await user.click(within(dialog).getByRole('button', { name: 'Close' }))
  expect(screen.queryByRole('dialog')).toBe(null)
})

test('opening and closing the list of shortcuts keeps nothing of how the window looks: what was chosen elsewhere meanwhile stays', async () => {
  const { app, user } = await ready()
  let kept = 0
  app.appearance.subscribe(() => (kept += 1))
  await user.keyboard('{F1}')
  expect(screen.getByRole('dialog')).toBeTruthy()
  await user.keyboard('{F1}')
  expect(screen.queryByRole('dialog')).toBe(null)
  expect(kept).toBe(0)
})

test('F1 opens and closes the list of shortcuts; behind it no other key acts', async () => {
  const { user, engine } = await ready({ byHand: true })
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
  const { user } = await ready()
  const button = screen.getByRole('button', { name: 'Switch between light and dark' })
  await user.click(button)
  expect(document.documentElement.dataset.theme).toBe('dark')
  await user.keyboard('{Control>}{Shift>}l{/Shift}{/Control}')
  expect(document.documentElement.dataset.theme).toBe('light')
})

test('a lost device is told, and the text stays', async () => {
  const { engine, user } = await ready()
  await user.click(screen.getByRole('button', { name: 'Continue' }))
  await vi.waitFor(() => expect(editor().value).toBe('Once upon a time, there was'))
  engine.lose('crash')
  expect(await screen.findByText(/the model has been loaded again/)).toBeTruthy()
  expect(editor().value).toBe('Once upon a time, there was')
})

const never = () => new Promise<void>(() => {})
const states: readonly { readonly name: string; readonly reach: () => Promise<unknown> }[] = [
  {
    name: 'loading',
    reach: async () => {
      const { app } = open({
        loading: async (watcher) => {
          watcher.progress({ step: 'reading', fraction: 0.4, doneBytes: 4e9, totalBytes: 1e10, elapsedMs: 2500 })
          await never()
        },
      })
      void app.start()
      expect(await screen.findByRole('progressbar', { name: /Reading the weights/ })).toHaveProperty('value', 0.4)
      expect(screen.getByText(/ 4\.0 GB of 10\.0 GB, 2\.5 s$/)).toBeTruthy()
    },
  },
  { name: 'ready', reach: () => ready() },
  {
    name: 'writing',
    reach: async () => {
      const { user, engine } = await ready({ byHand: true })
      await user.click(screen.getByRole('button', { name: 'Continue' }))
      engine.step()
      await vi.waitFor(() => expect(marked()).toEqual([',']))
    },
  },
  {
    name: 'stopped',
    reach: async () => {
      const { user } = await ready({ byHand: true })
      await user.click(screen.getByRole('button', { name: 'Continue' }))
      await user.keyboard('{Escape}')
      await screen.findByText(/stopped · prompt/)
    },
  },
  {
    name: 'failed',
    reach: async () => {
      const { app, engine } = open()
      engine.loadProblem = { code: 'load-failed', detail: 'params_shard_0.bin: the store answered 404' }
      await app.start()
      expect((await screen.findByRole('alert')).textContent).toContain('The model could not be loaded')
      expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
    },
  },
  {
    name: 'damaged',
    reach: async () => {
      const { app, engine, user } = open()
      engine.loadProblem = { code: 'damaged-file', key: 'a'.repeat(64), file: 'params_shard_0.bin', block: 3 }
      await app.start()
      expect((await screen.findByRole('alert')).textContent).toContain('params_shard_0.bin, block 3')
      await user.click(screen.getByRole('button', { name: 'Repair' }))
      expect(await screen.findByText(/The repair is on its way/)).toBeTruthy()
    },
  },
  {
    name: 'no adapter',
    reach: async () => {
      const { app, engine } = open()
      engine.loadProblem = { code: 'no-adapter', detail: 'null' }
      await app.start()
      expect((await screen.findByRole('alert')).textContent).toContain('No graphics adapter answered')
      expect(screen.getByRole('contentinfo').textContent).toMatch(/^No graphics adapter/)
    },
  },
  {
    name: 'device lost',
    reach: async () => {
      const { engine } = await ready()
      engine.lose('crash')
      await screen.findByText(/the model has been loaded again/)
    },
  },
  {
    name: 'instruct',
    reach: async () => {
      const { app, user } = await ready()
      await app.select(installed('instruct'))
      await user.type(await screen.findByRole('textbox', { name: 'Instruction' }), 'Tell a story.{Enter}')
      await user.click(screen.getByRole('button', { name: 'Add input' }))
      await screen.findByRole('article', { name: 'TinyStories 15M instruct' })
      await screen.findByText(/^Finished after/)
    },
  },
  {
    name: 'chat',
    reach: async () => {
      const { app, user } = await ready()
      await app.select(installed('chat'))
      await user.type(await screen.findByRole('textbox', { name: 'Your message' }), 'Hello{Enter}')
      await screen.findByText(/^Finished after/)
    },
  },
  {
    name: 'two families',
    reach: async () => {
      await ready({}, [...family, ownChat])
      expect(screen.getByRole('combobox', { name: 'Model family' })).toBeTruthy()
    },
  },
  {
    name: 'shortcuts',
    reach: async () => {
      const { user } = await ready()
      await user.keyboard('{Control>}/{/Control}')
      await screen.findByRole('dialog')
    },
  },
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(states)('the state "$name" has no accessibility violation', async ({ reach }) => {
    await reach()
    document.documentElement.dataset.theme = theme
    expect(await violations()).toEqual([])
  })
})
