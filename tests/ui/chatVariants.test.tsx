// The switch base | instruct | chat over plain offers: what is installed, what can be had, what is missing and why.
import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { nothingLoaded } from '../../renderer/state/models.ts'
import { VariantSwitch, type VariantSwitchProps } from '../../renderer/views/chat/VariantSwitch.tsx'
import { variants } from '../../shared/catalog/catalog.ts'
import { installed } from '../support/models.ts'
import { readyShell, violations } from '../support/shell.tsx'

const entry = variants[0] as NonNullable<(typeof variants)[0]>
const choice = {
  kind: 'checkpoint',
  repository: 'some/chat',
  format: 'q4f16_1',
  downloadBytes: 13_300_000_000,
  keptBytes: 4e9,
  obstacle: null,
} as const

function show(more: Partial<VariantSwitchProps> = {}) {
  const done: string[] = []
  render(
    <main>
      <VariantSwitch
        offers={[
          { kind: 'installed', variant: 'base', model: installed('base') },
          { kind: 'absent', variant: 'instruct', reason: 'notPublished' },
          { kind: 'download', variant: 'chat', entry, choice },
        ]}
        models={{ selected: installed('base'), status: { kind: 'ready' }, warm: [] }}
        onChoose={(variant) => done.push(variant)}
        onDownload={({ variant }) => done.push(`download ${variant}`)}
        onShowDownloads={() => done.push('downloads')}
        {...more}
      />
    </main>,
  )
  return { done, user: userEvent.setup() }
}

test('what is missing says why and is not chosen; what can be had has a chip with its size', async () => {
  const { done, user } = show()
  const instruct = screen.getByRole('radio', { name: 'Instruct: No instruct model of this size was published.' })
  await user.click(instruct)
  expect(done).toEqual([])
  expect(instruct.getAttribute('aria-disabled')).toBe('true')
  await user.click(screen.getByRole('button', { name: 'Chat · 13.3 GB: download some/chat' }))
  expect(done).toEqual(['download chat'])
  expect(screen.getByRole('radio', { name: /^Chat: Download/ }).getAttribute('aria-disabled')).toBe('true')
})

test('a model in memory switches at once, another is loaded first, and how far it is is told', async () => {
  const offers = [
    { kind: 'installed', variant: 'base', model: installed('base') },
    { kind: 'installed', variant: 'instruct', model: installed('instruct') },
    { kind: 'installed', variant: 'chat', model: installed('chat') },
  ] as const
  const { done, user } = show({
    offers,
    models: {
      selected: installed('base'),
      status: { kind: 'loading', ...nothingLoaded, fraction: 0.42 },
      warm: [{ key: installed('chat').key, memoryBytes: 1 }],
    },
  })
  expect(screen.getByRole('radio', { name: 'Base: continues text, loading, 42 %' })).toBeTruthy()
  expect(screen.getByRole('radio', { name: /^Instruct: .*installed: is loaded first$/ })).toBeTruthy()
  await user.click(screen.getByRole('radio', { name: /^Chat: .*in memory: switches at once$/ }))
  expect(done).toEqual(['chat'])
})

test('a download on its way leads to the downloads', async () => {
  const job = { id: 'j', kind: 'install', state: 'running', doneBytes: 1, totalBytes: 4 } as never
  const { done, user } = show({ offers: [{ kind: 'on-its-way', variant: 'chat', job, fraction: 0.25 }] })
  await user.click(screen.getByRole('button', { name: 'Chat: on its way, 25 %' }))
  expect(done).toEqual(['downloads'])
  expect((await violations()).filter((found) => !found.startsWith('page-has-heading-one'))).toEqual([])
})

test('a chat leaves the arithmetic of the whole catalogue to those who browse it', async () => {
  const { app, slices } = await readyShell()
  expect(screen.getByRole('radiogroup', { name: /variant/i })).toBeTruthy()
  expect(slices).toHaveLength(0)
  act(() => app.navigation.showModels('browse'))
  await screen.findByRole('heading', { name: /models/i, level: 1 })
  expect(slices).toHaveLength(1)
})
