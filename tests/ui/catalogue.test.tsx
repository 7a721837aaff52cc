// The list of families: filters, fit, the shelf; everything by keyboard and without an accessibility violation.
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { openBrowse, violations } from '../support/browsePage.tsx'

const families = () => within(screen.getByRole('region', { name: 'All families' }))
const count = () => families().getByRole('status').textContent

test('every family is listed, with sizes, kinds, licences and what may be done with them', async () => {
  openBrowse()
  expect(count()).toMatch(/^44 families, 160 models, and \d+ ready-made models$/)
  const mpt = within(families().getByRole('list', { name: 'Sizes of MPT' }))
  expect(mpt.getByRole('button', { name: /mpt-7b 6\.6B/ })).toBeTruthy()
  const kinds = within(families().getByRole('list', { name: 'Variants of MPT' }))
  expect(kinds.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['base', 'instruct', 'chat'])
  expect(families().getAllByText('no commercial use').length).toBeGreaterThan(3)
})

test('typing narrows the list, the count is said, and nothing found offers the way back', async () => {
  const { user } = openBrowse()
  const field = families().getByRole('searchbox', { name: 'Name, family or publisher' })
  await user.type(field, 'mosaic 30b')
  await vi.waitFor(() => expect(count()).toBe('1 family, 3 models'))
  await user.click(families().getByRole('checkbox', { name: 'chat' }))
  await vi.waitFor(() => expect(count()).toBe('1 family, 1 model'))
  await user.selectOptions(families().getByRole('combobox', { name: 'Commercial use' }), 'commercial use allowed')
  await vi.waitFor(() => expect(count()).toBe('Nothing matches.'))
  await user.click(families().getByRole('button', { name: 'Show all' }))
  await vi.waitFor(() => expect(count()).toMatch(/^44 families, 160 models, and/))
  expect(families().queryByRole('button', { name: 'Clear filters' })).toBe(null)
})

test('what fits is known once it was worked out, and can be asked for', async () => {
  const { user, computeNeeds } = openBrowse()
  expect(families().getByRole('button', { name: /^opt-175b.*being worked out/ })).toBeTruthy()
  act(() => computeNeeds(32))
  expect(families().getByRole('button', { name: /^opt-175b.*does not fit: needs \d+ GB/ })).toBeTruthy()
  expect(families().getByRole('button', { name: /^opt-125m.*, fits$/ })).toBeTruthy()
  await user.click(families().getByRole('checkbox', { name: 'fits this machine' }))
  await vi.waitFor(() => expect(families().queryByRole('button', { name: /^opt-175b/ })).toBe(null))
  expect(families().getByRole('button', { name: /^opt-125m/ })).toBeTruthy()
})

test('before the machine was measured, fit is not asked for and the shelf says so', async () => {
  openBrowse({ surroundings: { machine: null } })
  const filter = families().getByRole<HTMLInputElement>('checkbox', { name: 'fits this machine' })
  expect(filter.disabled).toBe(true)
  const shelf = await screen.findByRole('region', { name: 'To begin with on this machine' })
  expect(shelf.textContent).toContain('This machine was not measured yet')
  expect(within(shelf).getAllByText('not measured yet')).toHaveLength(3)
})

test('the shelf shows three families with everything to decide on, and installs with one press', async () => {
  const { user, installs, shown } = openBrowse()
  const shelf = within(await screen.findByRole('region', { name: 'To begin with on this machine' }))
  const names = shelf.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)
  expect(names).toHaveLength(3)
  expect(shelf.getAllByText(/GB left$/)).toHaveLength(3)
  expect(shelf.getAllByText(/^up to .* tokens per second$/)).toHaveLength(3)
  const [install] = shelf.getAllByRole('button', { name: /^Install / })
  if (install === undefined) throw new Error('no button to install')
  await user.click(install)
  expect(installs).toHaveLength(1)
  await user.click(await shelf.findByRole('button', { name: /^Show in downloads/ }))
  expect(shown).toEqual(['downloads'])
})

test('newer models with ready-made weights are listed too and looked at on the Hub', async () => {
  const { user } = openBrowse()
  const ready = within(screen.getByRole('region', { name: 'Newer models with ready-made weights' }))
  await user.click(ready.getByRole('button', { name: 'Look at it: Llama-3.2-1B-Instruct' }))
  const title = 'mlc-ai/Llama-3.2-1B-Instruct-q4f16_1-MLC'
  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy()
})

test('a full disk offers nothing to begin with and says why', async () => {
  openBrowse({ surroundings: { freeBytes: 1000 } })
  expect(
    await screen.findByText(/No model of the catalogue fits this machine together with its free disk/),
  ).toBeTruthy()
})

test('the keyboard alone reaches a family and comes back', async () => {
  const { user, catalogue } = openBrowse()
  families().getByRole('button', { name: 'MPT' }).focus()
  await user.keyboard('{Enter}')
  expect(await screen.findByRole('heading', { level: 1, name: 'MPT' })).toBe(document.activeElement)
  await user.tab({ shift: true })
  await user.keyboard('{Enter}')
  expect(catalogue.browse.getState().page).toEqual({ kind: 'all' })
})

test('there is no accessibility violation in the list, narrowed or empty', { timeout: 60_000 }, async () => {
  const { user } = openBrowse()
  await screen.findByRole('region', { name: 'To begin with on this machine' })
  await user.type(families().getByRole('searchbox'), 'mpt')
  await vi.waitFor(() => expect(count()).toMatch(/^1 family/))
  expect(await violations()).toEqual([])
  await user.type(families().getByRole('searchbox'), ' nothing like it')
  await vi.waitFor(() => expect(count()).toBe('Nothing matches.'))
  expect(await violations()).toEqual([])
})
