// Installed models in the window, and the switcher between them.
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { InstalledModel } from '../../shared/model.ts'
import { answered, jobs, managementAnswers, ownRecord, recordOf } from '../support/management.ts'
import { family, ownChat } from '../support/models.ts'
import { readyShell, type ShellOptions, violations } from '../support/shell.tsx'

const models = [...family, ownChat]

async function installed(options: ShellOptions = {}) {
  const parts = await readyShell({ models, ...options })
  act(() => parts.app.navigation.showModels('installed'))
  return { ...parts, sent: () => parts.asked.filter(({ channel }) => /^models\.(?!list|records)/.test(channel)) }
}

const card = (title: string) => within(screen.getByRole('listitem', { name: title }))

test('a model is listed with its size, what deleting frees, where it lies, where it is from and how it ran', async () => {
  await installed()
  const own = card('Own chat')
  for (const text of [
    '4.1 GB; deleting it frees 3.9 GB',
    'the models folder',
    'compiled here from local/own-chat at 0123456789ab',
    '14.6 MB, 3 % more',
    '61.5 tokens per second',
  ])
    expect(own.getByText(text)).toBeTruthy()
  expect(own.getByText(/loading took 2.3 s/)).toBeTruthy()
  const bundled = card('TinyStories 15M base')
  expect(bundled.getByText('9.1 MB, part of the app')).toBeTruthy()
  expect(bundled.getByText('in use')).toBeTruthy()
  expect(bundled.queryByRole('button', { name: /^Delete/ })).toBe(null)
})

test('all of it together, the free disk and the folder are told', async () => {
  await installed()
  expect(screen.getByText('210 GB of 512 GB')).toBeTruthy()
  expect(screen.getByText('/home/somebody/.local/share/hearth/models')).toBeTruthy()
})

test('a check is asked for by button or key and followed to its end', async () => {
  const { user, sent, events } = await installed({
    answers: { 'models.verify': () => answered({ jobId: jobs.running.id }) },
  })
  await user.click(card('Own chat').getByRole('button', { name: 'Verify now: Own chat' }))
  const check = { ...jobs.running, kind: 'verify', stage: 'checking', title: 'local/own-chat' } as const
  act(() => events.emit('jobs.changed', [check]))
  expect(card('Own chat').getByText(/Checking every byte · 4.2 GB of 13.3 GB/)).toBeTruthy()
  act(() => events.emit('jobs.changed', [{ ...check, state: 'done' }]))
  expect(card('Own chat').getByText(/^Checked/)).toBeTruthy()
  await user.keyboard('v')
  expect(sent().map(({ channel }) => channel)).toEqual(['models.verify', 'models.verify'])
})

test('damage is named, and only then there is a repair', async () => {
  const damaged = { ...ownRecord, damage: [{ file: 'params_shard_3.bin', detail: 'block 2' }] }
  const { user, sent } = await installed({
    answers: {
      'models.records': () => answered([recordOf('a'.repeat(64)), damaged]),
      'models.repair': () => answered({ jobId: 'j' }),
    },
  })
  expect(card('TinyStories 15M base').queryByRole('button', { name: /^Repair/ })).toBe(null)
  expect(card('Own chat').getByRole('alert').textContent).toContain('params_shard_3.bin')
  await user.click(card('Own chat').getByRole('button', { name: /^Repair/ }))
  expect(sent()).toEqual([{ channel: 'models.repair', input: { key: ownChat.key } }])
})

test('deleting asks first, says what stays, and what became free', async () => {
  const kept: InstalledModel[] = [...models]
  const { user, sent } = await installed({
    answers: {
      ...managementAnswers,
      'models.list': () => answered(kept),
      'models.remove': () => {
        kept.pop()
        return answered({ freedBytes: 3.9e9 })
      },
    },
  })
  await user.click(card('Own chat').getByRole('button', { name: /^Delete/ }))
  const question = within(await screen.findByRole('alertdialog', { name: 'Delete Own chat?' }))
  expect(question.getByText(/200 MB are shared with other models and stay/)).toBeTruthy()
  expect(await violations()).toEqual([])
  expect(sent()).toEqual([])
  await user.click(question.getByRole('button', { name: 'Delete' }))
  await screen.findByText(/Own chat is deleted; 3.9 GB became free/)
  expect(screen.queryByRole('listitem', { name: 'Own chat' })).toBe(null)
  expect(sent()).toEqual([{ channel: 'models.remove', input: { key: ownChat.key } }])
})

test('the folder is shown and the models folder moved by main', async () => {
  const { user, sent } = await installed({
    answers: {
      'models.reveal': () => answered(null),
      'models.moveFolder': async () => ({
        ok: false,
        error: {
          code: 'failed',
          message: '',
          problem: { code: 'disk-full', needBytes: 4.1e9, freeBytes: 1e9 },
        },
      }),
    },
  })
  await user.click(card('Own chat').getByRole('button', { name: /^Show in folder/ }))
  await user.click(screen.getByRole('button', { name: 'Move models folder…' }))
  expect((await screen.findByRole('alert')).textContent).toContain('4.1 GB are needed and 1.0 GB are free')
  expect(sent().map(({ channel }) => channel)).toEqual(['models.reveal', 'models.moveFolder'])
})

test('a model is opened in the chat from its card', async () => {
  const { user } = await installed()
  await user.click(card('Own chat').getByRole('button', { name: /^Open in the chat/ }))
  expect(await screen.findByRole('textbox', { name: 'Your message' })).toBeTruthy()
})

function large(key: string, title: string, change: Partial<InstalledModel['manifest']>): InstalledModel {
  return { ...ownChat, key: key.repeat(64), manifest: { ...ownChat.manifest, title, ...change } }
}
const tooLarge = large('e', 'Falcon 40B chat', {
  memory: { weightsBytes: 23e9, cacheBytes: 1e9, workingBytes: 3e8 },
  contextTokens: 2048,
})
const longCache = {
  cacheBytes: 34e9,
  workingBytes: 3e8,
  cacheBytesPerToken: 518_798,
  largestBufferBytes: 5e8,
  readBytesPerToken: 3.9e9,
}
const tooLong = large('f', 'MPT 7B chat', {
  memory: { weightsBytes: 3.9e9, cacheBytes: 34e9, workingBytes: 3e8 },
  needs: { portable: longCache, half: longCache, software: longCache },
  contextTokens: 65_536,
})

test('Ctrl+L opens the switcher, typing filters, Enter loads, Esc closes', async () => {
  const { user, engine } = await readyShell({ models })
  await user.keyboard('{Control>}l{/Control}')
  const dialog = within(await screen.findByRole('dialog', { name: 'Switch model' }))
  expect(dialog.getAllByRole('option')).toHaveLength(4)
  expect(dialog.getByRole('option', { name: /TinyStories 15M base/ }).textContent).toContain('in use')
  expect(dialog.getByRole('option', { name: /Own chat/ }).textContent).toContain('4.1 GB')
  expect(await violations()).toEqual([])
  await user.type(dialog.getByRole('combobox'), 'own')
  await vi.waitFor(() => expect(dialog.getAllByRole('option')).toHaveLength(1))
  await user.keyboard('{Enter}')
  expect(engine.loads.at(-1)).toEqual(ownChat)
  expect(screen.queryByRole('dialog')).toBe(null)
  await user.keyboard('{Control>}l{/Control}')
  await screen.findByRole('dialog', { name: 'Switch model' })
  await user.keyboard('{Control>}l{/Control}')
  expect(screen.queryByRole('dialog')).toBe(null)
})

test('in the switcher a letter with Ctrl is no arrow key', async () => {
  const { user } = await readyShell({ models })
  await user.keyboard('{Control>}l{/Control}')
  const dialog = within(await screen.findByRole('dialog', { name: 'Switch model' }))
  const chosen = () => dialog.getByRole('option', { selected: true }).textContent
  const before = chosen()
  for (const letter of ['n', 'j', 'p', 'k']) {
    await user.keyboard(`{Control>}${letter}{/Control}`)
    expect(chosen()).toBe(before)
    await user.keyboard('{ArrowDown}{ArrowUp}')
  }
})

test('a model that cannot fit is refused with its numbers, and what would fit is offered', async () => {
  const { user, engine } = await readyShell({ models: [...family, tooLarge, tooLong] })
  await user.keyboard('{Control>}l{/Control}')
  const dialog = within(await screen.findByRole('dialog'))
  const refused = dialog.getByRole('option', { name: /^Falcon 40B chat/ })
  expect(refused.textContent).toContain('It needs 24.3 GB; 16.7 GB are there for models.')
  expect(refused.getAttribute('aria-disabled')).toBe('true')
  await user.click(refused)
  expect(engine.loads).toHaveLength(1)
  await user.click(dialog.getByRole('option', { name: /^Load MPT 7B chat with a context of/ }))
  const loaded = engine.loads.at(-1)
  expect(loaded?.key).toBe(tooLong.key)
  expect(loaded?.manifest.contextTokens).toBeLessThan(65_536)
  await user.keyboard('{Control>}l{/Control}')
  const again = within(await screen.findByRole('dialog'))
  await user.click(again.getAllByRole('option', { name: 'Load TinyStories 15M chat instead' })[0] as HTMLElement)
  expect(engine.loads.at(-1)).toEqual(family[2])
})
