// Settings, hardware and the network ledger in the window.
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ModelsPage, SettingsPage } from '../../renderer/state/navigation.ts'
import { answered, ledgerEntry, managementAnswers, report, settingsView } from '../support/management.ts'
import { readyShell, type ShellOptions } from '../support/shell.tsx'

async function settings(page: SettingsPage, options: ShellOptions = {}) {
  const parts = await readyShell(options)
  act(() => parts.app.navigation.showSettings(page))
  return { ...parts, sent: () => parts.asked.filter(({ channel }) => /^settings\.(?!read)/.test(channel)) }
}

async function models(page: ModelsPage, options: ShellOptions = {}) {
  const parts = await readyShell(options)
  act(() => parts.app.navigation.showModels(page))
  return parts
}

test('each field says what is in use and where it comes from', async () => {
  await settings('hub', {
    answers: {
      'settings.read': () =>
        answered({
          ...settingsView,
          hubEndpointInUse: 'https://mirror.example',
          proxy: 'http://proxy.example:3128',
          proxyInUse: 'http://proxy.example:3128',
          token: 'environment',
          speedLimitBytesPerSecond: 2_000_000,
        }),
    },
  })
  for (const text of [
    'In use: https://mirror.example, from HF_ENDPOINT in the environment.',
    'In use: http://proxy.example:3128, set here.',
    'In use: from HF_TOKEN in the environment.',
    'In use: 2.0 MB per second, set here.',
  ])
    expect(screen.getByText(text)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Forget the token' })).toBe(null)
})

test('a value that main refuses is told at its field, and stays there to be corrected', async () => {
  const { user } = await settings('hub', {
    answers: {
      'settings.write': async () => ({
        ok: false,
        error: {
          code: 'failed',
          message: '',
          problem: { code: 'bad-name', name: 'nonsense', detail: 'the address of a Hub begins with https://' },
        },
      }),
    },
  })
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Address of the Hub' })
  await user.type(field, 'nonsense{Enter}')
  expect((await screen.findByRole('alert')).textContent).toBe('"nonsense": the address of a Hub begins with https://')
  expect(field.value).toBe('nonsense')
  expect(field.getAttribute('aria-invalid')).toBe('true')
})

test('saved values go to main in bytes, and an empty field goes back to the usual', async () => {
  const { user, sent } = await settings('hub')
  const limit = () => screen.getByRole('textbox', { name: 'Speed limit' })
  await user.type(limit(), '2,5{Enter}')
  await screen.findByText('In use: 2.5 MB per second, set here.')
  await user.clear(limit())
  await user.keyboard('{Enter}')
  await user.type(limit(), 'fast{Enter}')
  expect((await screen.findByRole('alert')).textContent).toBe('That is not a number.')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Connections per file' }), '4')
  await user.click(screen.getByRole('checkbox', { name: 'Keep checkpoints' }))
  await user.click(screen.getByRole('checkbox', { name: 'Offline mode' }))
  expect(sent().map(({ input }) => input)).toEqual([
    { speedLimitBytesPerSecond: 2_500_000 },
    { speedLimitBytesPerSecond: null },
    { connections: 4 },
    { keepCheckpoints: true },
    { offline: true },
  ])
})

test('offline mode of the environment cannot be turned off here', async () => {
  await settings('hub', {
    answers: { 'settings.read': () => answered({ ...settingsView, offline: true, offlineByEnvironment: true }) },
  })
  expect(screen.getByRole('checkbox', { name: 'Offline mode' })).toHaveProperty('disabled', true)
  expect(screen.getByText(/HF_HUB_OFFLINE is set in the environment/)).toBeTruthy()
})

test('the token is never shown, leaves its field once taken, and can be forgotten', async () => {
  const { user, sent } = await settings('hub')
  const field = screen.getByLabelText<HTMLInputElement>('Token for the Hub')
  expect(field.type).toBe('password')
  await user.type(field, 'hf_secret{Enter}')
  await screen.findByText('In use: set here, encrypted by this computer.')
  expect(field.value).toBe('')
  expect(document.body.innerHTML).not.toContain('hf_secret')
  await user.click(screen.getByRole('button', { name: 'Forget the token' }))
  await screen.findByText('In use: none.', { selector: '.setting:has(input[type="password"]) .in-use' })
  expect(sent().map(({ input }) => input)).toEqual([{ token: 'hf_secret' }, { token: null }])
})

test('the theme is chosen among three', async () => {
  const { user } = await settings('appearance')
  const theme = within(screen.getByRole('group', { name: 'Theme' }))
  await user.click(theme.getByRole('radio', { name: 'Dark' }))
  expect(document.documentElement.dataset.theme).toBe('dark')
  await user.click(theme.getByRole('radio', { name: 'As the system' }))
  expect(document.documentElement.dataset.theme).toBe('system')
})

test('the memory for models is set in GB', async () => {
  const { user, sent } = await settings('general')
  await user.type(screen.getByRole('textbox', { name: 'Memory for models' }), '7.5{Enter}')
  await screen.findByText('In use: 7.5 GB, set here.')
  expect(sent()).toEqual([{ channel: 'settings.write', input: { memoryBudgetBytes: 7_500_000_000 } }])
})

test('the hardware page says what is there, and copies it without names or folders', async () => {
  const { user, copied } = await models('hardware')
  for (const text of ['yes', '4.3 GB', '71.0 GB per second', '4.1 TFLOP/s (float32)'])
    expect(screen.getAllByText(text).length).toBeGreaterThan(0)
  await user.click(screen.getByRole('button', { name: 'Copy as report' }))
  expect(await screen.findByText('Copied.')).toBeTruthy()
  expect(copied[0]).toContain('Hearth 0.1.0, hardware report')
  expect(copied[0]).toContain('  Half precision (shader-f16): yes')
  expect(copied[0]).not.toContain('somebody')
})

test('what this computer lacks is said with what to do about it', async () => {
  const probe = report.probe && { ...report.probe, adapter: { ...report.probe.adapter, isSoftware: true } }
  await models('hardware', {
    answers: {
      'hardware.read': () =>
        answered({
          ...report,
          probe,
          budget: { memoryBytes: 2e9, reason: 'half of the memory' },
          disk: { freeBytes: 3e9, totalBytes: 5e11 },
        }),
    },
  })
  const page = within(screen.getByRole('main'))
  expect(page.getByText('Models run on the processor')).toBeTruthy()
  expect(page.getByText(/WebGPU cannot use it. Update its driver/)).toBeTruthy()
  expect(page.getByText('Models may take 2.0 GB')).toBeTruthy()
  expect(page.getByText('3.0 GB are free on the disk')).toBeTruthy()
})

test('measuring again asks the adapter and keeps what it did', async () => {
  const { user, asked } = await models('hardware')
  await user.click(screen.getByRole('button', { name: 'Measure again' }))
  await vi.waitFor(() => expect(asked.filter(({ channel }) => channel === 'hardware.probed')).toHaveLength(1))
})

test('the ledger says what was sent, to whom, what for and whether the token went along', async () => {
  await settings('network')
  const rows = (await screen.findAllByRole('row')).map((row) => row.textContent)
  expect(rows).toHaveLength(3)
  expect(rows[1]).toContain('huggingface.co')
  expect(rows[1]).toContain('listing of mosaicml/mpt-7b-chat')
  expect(rows[1]).toContain('5.1 kB')
  expect(rows[1]).toContain('200 after 210 ms')
  expect(rows[1]).toContain('sent along')
  expect(rows[2]).toContain('404')
})

test('older requests come page by page, and all of them are copied', async () => {
  const { user, copied } = await settings('network', {
    answers: {
      ...managementAnswers,
      'network.ledger': ({ beforeId, limit }) => {
        const newest = (beforeId ?? 131) - 1
        return answered(Array.from({ length: Math.min(limit, newest) }, (_, index) => ledgerEntry(newest - index)))
      },
    },
  })
  const table = within(await screen.findByRole('region', { name: 'Requests' }))
  expect(table.getAllByRole('row')).toHaveLength(101)
  await user.click(screen.getByRole('button', { name: 'Older requests' }))
  await vi.waitFor(() => expect(table.getAllByRole('row')).toHaveLength(131))
  expect(screen.queryByRole('button', { name: 'Older requests' })).toBe(null)
  await user.click(screen.getByRole('button', { name: 'Copy all as CSV' }))
  await screen.findByText('130 requests copied.')
  expect(copied[0]?.split('\r\n')).toHaveLength(132)
})
