// The window around the writing desk: areas by keys and buttons, what is seen everywhere, and what is said aloud.
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { answered, jobs, managementAnswers, settingsView } from '../support/management.ts'
import { family, ownChat } from '../support/models.ts'
import { openShell, readyShell, violations } from '../support/shell.tsx'

const nav = () => within(screen.getByRole('navigation', { name: 'Areas' }))
const heading = () => screen.getByRole('heading', { level: 1 }).textContent
const modelButton = () => screen.getByRole('button', { name: /^Switch model/ })

test('Ctrl with 1 to 3 and the comma lead to the areas, as the buttons do', async () => {
  const { user } = await readyShell()
  await user.keyboard('{Control>}2{/Control}')
  expect(heading()).toBe('Browse models')
  await user.keyboard('{Control>}3{/Control}')
  expect(heading()).toBe('General')
  await user.keyboard('{Control>}1{/Control}')
  expect(heading()).toBe('TinyStories 15M base')
  await user.keyboard('{Control>},{/Control}')
  expect(heading()).toBe('General')
  await user.click(nav().getByRole('button', { name: 'Models' }))
  expect(heading()).toBe('Browse models')
  expect(nav().getByRole('button', { name: 'Models' }).getAttribute('aria-current')).toBe('page')
  expect(nav().getByRole('button', { name: 'Models' }).getAttribute('aria-keyshortcuts')).toBe('Control+2')
})

test('the desk keeps its caret and goes on writing while another area is seen', async () => {
  const { user, engine, app } = await readyShell({ engine: { byHand: true } })
  const editor = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Document' })
  await user.click(editor)
  await user.keyboard('{Control>}{Enter}{/Control}')
  await user.keyboard('{Control>}2{/Control}')
  expect(modelButton().getAttribute('aria-label')).toContain('writing')
  engine.step()
  await vi.waitFor(() => expect(app.conversation.store.getState().live?.text).toBe('Once upon a time,'))
  await user.keyboard('{Control>}1{/Control}')
  expect(document.activeElement).toBe(editor)
  expect(screen.getByRole('textbox', { name: 'Document' })).toBe(editor)
  expect(editor.value).toBe('Once upon a time,')
})

test('keys of the desk do nothing elsewhere', async () => {
  const { user, engine, app } = await readyShell()
  await user.keyboard('{Control>}3{/Control}{Control>}{Enter}{/Control}{Alt>}3{/Alt}')
  expect(engine.requests).toEqual([])
  expect(engine.loads).toHaveLength(1)
  expect(app.conversation.store.getState().document?.text).toBe('Once upon a time')
})

test('the heading of a page takes the focus when it opens', async () => {
  const { user } = await readyShell()
  await user.keyboard('{Control>}3{/Control}')
  expect(document.activeElement?.textContent).toBe('General')
  await user.click(screen.getByRole('button', { name: 'Storage' }))
  expect(document.activeElement?.textContent).toBe('Storage')
})

test('the page of an area is there again when the area is', async () => {
  const { user } = await readyShell()
  await user.keyboard('{Control>}2{/Control}')
  await user.click(screen.getByRole('button', { name: 'Hardware' }))
  await user.keyboard('{Control>}1{/Control}{Control>}2{/Control}')
  expect(heading()).toBe('Hardware')
})

test('model and downloads are seen in every area', async () => {
  const { user } = await readyShell()
  for (const key of ['1', '2', '3']) {
    await user.keyboard(`{Control>}${key}{/Control}`)
    expect(modelButton().getAttribute('aria-label')).toBe('Switch model. In use: TinyStories 15M base, ready')
    expect(
      screen.getByRole('button', { name: 'Downloads: 3 in progress, 31 %, 1 stopped with a problem' }),
    ).toBeTruthy()
  }
  await user.click(screen.getByRole('button', { name: /^Downloads: / }))
  expect(heading()).toBe('Downloads')
})

test('loading is told with its share', async () => {
  const { app } = openShell({
    engine: {
      loading: async (watcher) => {
        watcher.progress({ step: 'reading', fraction: 0.42, doneBytes: 42, totalBytes: 100, elapsedMs: 900 })
        await new Promise(() => {})
      },
    },
  })
  void app.start()
  await vi.waitFor(() => expect(modelButton().getAttribute('aria-label')).toContain('loading, 42 %'))
})

test('offline mode has a banner, and a mark that leads to its switch', async () => {
  const { user, events } = await readyShell()
  expect(screen.queryByText(/nothing leaves this computer/)).toBe(null)
  act(() => events.emit('settings.changed', { ...settingsView, offline: true }))
  expect(screen.getByText('Offline mode: nothing leaves this computer.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /Offline mode is on/ }))
  expect(screen.getByRole('checkbox', { name: 'Offline mode' })).toHaveProperty('checked', true)
})

test('a lost connection changes nothing, and the window says so', async () => {
  await readyShell()
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  act(() => void window.dispatchEvent(new Event('offline')))
  expect(screen.getByText(/The connection is lost. Nothing changes/)).toBeTruthy()
  online.mockRestore()
  act(() => void window.dispatchEvent(new Event('online')))
  expect(screen.queryByText(/The connection is lost/)).toBe(null)
})

test('the end of a job is said aloud, its progress is not', async () => {
  const { events, view } = await readyShell()
  const spoken = () => [...view.container.querySelectorAll('[aria-live="polite"].visually-hidden')].at(-1)?.textContent
  expect(spoken()).toBe('')
  act(() => events.emit('jobs.changed', [{ ...jobs.running, doneBytes: 9e9 }]))
  expect(spoken()).toBe('')
  act(() => events.emit('jobs.changed', [{ ...jobs.running, state: 'done' }]))
  expect(spoken()).toBe('mosaicml/mpt-7b-chat is installed.')
  act(() => events.emit('jobs.changed', [{ ...jobs.running, state: 'running' }]))
  const problem = { code: 'disk-full', needBytes: 5e9, freeBytes: 1e9 } as const
  act(() => events.emit('jobs.changed', [{ ...jobs.running, state: 'failed', problem }]))
  expect(spoken()).toBe('mosaicml/mpt-7b-chat has stopped: The disk has too little space.')
})

test('while only the models of the app are here, the first screen shows the computer and what fits it', async () => {
  await readyShell()
  const card = within(screen.getByRole('region', { name: 'This computer' }))
  expect(card.getByText('radeon 780m')).toBeTruthy()
  expect(card.getByText('16.7 GB: half of the memory, which the graphics adapter shares')).toBeTruthy()
  expect(card.getByText('measured when it writes')).toBeTruthy()
})

test('with a model of one’s own the first screen is the desk alone', async () => {
  await readyShell({ models: [...family, ownChat] })
  expect(screen.queryByRole('region', { name: 'This computer' })).toBe(null)
})

test('a main process that answers nothing leaves the desk as it is and says so on its pages', async () => {
  const refused = async () => ({
    ok: false as const,
    error: { code: 'not-allowed' as const, message: 'not there yet' },
  })
  const { user } = await readyShell({
    answers: {
      'jobs.list': refused,
      'models.records': refused,
      'hardware.read': refused,
      'settings.read': refused,
      'network.ledger': refused,
    },
  })
  await user.keyboard('{Control>}2{/Control}')
  for (const page of ['Installed', 'Downloads', 'Hardware']) {
    await user.click(screen.getByRole('button', { name: page }))
    expect((await screen.findByRole('alert')).textContent).toContain('not there yet')
  }
  await user.keyboard('{Control>}3{/Control}')
  for (const page of ['Hub & network', 'Network ledger']) {
    await user.click(screen.getByRole('button', { name: page }))
    expect((await screen.findByRole('alert')).textContent).toContain('not there yet')
  }
})

test('an empty queue, an empty ledger and no model of one’s own have words', async () => {
  const { user } = await readyShell({
    answers: {
      ...managementAnswers,
      'jobs.list': () => answered([]),
      'network.ledger': () => answered([]),
    },
  })
  await user.keyboard('{Control>}2{/Control}')
  await user.click(screen.getByRole('button', { name: 'Downloads' }))
  expect(screen.getByText('Nothing is on its way.')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Installed' }))
  expect(screen.getByText('Only the models that came with Hearth are here.')).toBeTruthy()
  await user.keyboard('{Control>}3{/Control}')
  await user.click(screen.getByRole('button', { name: 'Network ledger' }))
  expect(await screen.findByText('No request was ever made.')).toBeTruthy()
})

const pages = [
  ['2', 'Installed'],
  ['2', 'Downloads'],
  ['2', 'Hardware'],
  ['3', 'General'],
  ['3', 'Hub & network'],
  ['3', 'Storage'],
  ['3', 'Network ledger'],
] as const

test.each(pages)('area %s, page "%s" has no accessibility violation', async (key, page) => {
  const { user } = await readyShell({ models: [...family, ownChat] })
  await user.keyboard(`{Control>}${key}{/Control}`)
  await user.click(screen.getByRole('button', { name: page }))
  await vi.waitFor(() => expect(screen.queryByText('Asking …')).toBe(null))
  expect(await violations()).toEqual([])
})
