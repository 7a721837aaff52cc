// No state of the chat area violates a rule of accessibility, in either theme.
import { screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { marked, openChat, readyChat } from '../support/chatArea.ts'
import { family, installed, ownChat } from '../support/models.ts'
import { violations } from '../support/shell.tsx'

const never = () => new Promise<void>(() => {})
const states: readonly { readonly name: string; readonly reach: () => Promise<unknown> }[] = [
  {
    name: 'loading',
    reach: async () => {
      const { app } = openChat({
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
  { name: 'ready', reach: () => readyChat() },
  {
    name: 'writing',
    reach: async () => {
      const { user, engine } = await readyChat({ byHand: true })
      await user.click(screen.getByRole('button', { name: 'Continue' }))
      engine.step()
      await vi.waitFor(() => expect(marked()).toEqual([',']))
    },
  },
  {
    name: 'stopped',
    reach: async () => {
      const { user } = await readyChat({ byHand: true })
      await user.click(screen.getByRole('button', { name: 'Continue' }))
      await user.keyboard('{Escape}')
      await screen.findByText(/stopped · prompt/)
    },
  },
  {
    name: 'failed',
    reach: async () => {
      const { app, engine } = openChat()
      engine.loadProblem = { code: 'load-failed', detail: 'params_shard_0.bin: the store answered 404' }
      await app.start()
      expect((await screen.findByRole('alert')).textContent).toContain('The model could not be loaded')
      expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
    },
  },
  {
    name: 'damaged',
    reach: async () => {
      const { app, engine, user } = openChat()
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
      const { app, engine } = openChat()
      engine.loadProblem = { code: 'no-adapter', detail: 'null' }
      await app.start()
      expect((await screen.findByRole('alert')).textContent).toContain('No graphics adapter answered')
      expect(screen.getByRole('contentinfo').textContent).toMatch(/^No graphics adapter/)
    },
  },
  {
    name: 'device lost',
    reach: async () => {
      const { engine } = await readyChat()
      engine.lose('crash')
      await screen.findByText(/the model has been loaded again/)
    },
  },
  {
    name: 'instruct',
    reach: async () => {
      const { app, user } = await readyChat()
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
      const { app, user } = await readyChat()
      await app.select(installed('chat'))
      await user.type(await screen.findByRole('textbox', { name: 'Your message' }), 'Hello{Enter}')
      await screen.findByText(/^Finished after/)
    },
  },
  {
    name: 'two families',
    reach: async () => {
      await readyChat({}, [...family, ownChat])
      expect(screen.getByRole('combobox', { name: 'Model family' })).toBeTruthy()
    },
  },
  {
    name: 'shortcuts',
    reach: async () => {
      const { user } = await readyChat()
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
