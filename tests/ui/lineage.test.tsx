// The map of where models come from: one stop for Tab, arrows from node to node, Enter opens; and the same as a list.
import { screen, within } from '@testing-library/react'
import { beforeAll, expect, test } from 'vitest'
import { openBrowse, violations } from '../support/browsePage.tsx'

beforeAll(() => {
  // What React Flow asks of a browser and jsdom lacks.
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  globalThis.matchMedia ??= ((query: string) => ({
    matches: query.includes('reduce'),
    media: query,
  })) as typeof matchMedia
  globalThis.DOMMatrixReadOnly ??= class {
    m22 = 1
  } as unknown as typeof DOMMatrixReadOnly
  globalThis.CSS ??= { escape: (text: string) => text.replace(/["\\]/g, '\\$&') } as typeof CSS
})

const around = (id: string | null) => ({ page: { kind: 'lineage', around: id } as const })
const map = async () => within(await screen.findByRole('region', { name: /^Map/ }, { timeout: 10_000 }))
const status = () => screen.getByRole('status').textContent

test('a model is shown with what it was made of, and Tab stops at it', async () => {
  openBrowse(around('starling-lm-7b-alpha'))
  const nodes = (await map()).getAllByRole('button', { name: /·/ })
  expect(nodes.map(({ textContent }) => textContent)).toEqual([
    'Mistral-7B-v0.1base · 7.2B · Mistral-7B',
    'openchat_3.5chat · 7.2B · OpenChat 3.5',
    'Starling-LM-7B-alphachat · 7.2B · Starling-LM-7B-alpha',
  ])
  expect(nodes.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0])
  expect(nodes.map((node) => node.getAttribute('aria-current'))).toEqual([null, null, 'true'])
  expect(status()).toBe('3 models, 2 relations')
})

test('arrow keys go from node to node and Enter opens the model', async () => {
  const { user, catalogue } = openBrowse(around('starling-lm-7b-alpha'))
  ;(await map()).getByRole('button', { name: /^Starling/ }).focus()
  await user.keyboard('{ArrowLeft}')
  expect(document.activeElement?.textContent).toMatch(/^openchat_3\.5/)
  await user.keyboard('{ArrowLeft}{ArrowLeft}')
  expect(document.activeElement?.textContent).toMatch(/^Mistral-7B-v0\.1/)
  expect((document.activeElement as HTMLElement).tabIndex).toBe(0)
  await user.keyboard('{Enter}')
  expect(catalogue.browse.getState().page).toEqual({ kind: 'family', id: 'mistral', variant: 'mistral-7b-v0.1' })
})

test('data sets are a layer that is switched on', async () => {
  const { user } = openBrowse(around('zephyr-7b-beta'))
  await map()
  expect(screen.queryByRole('button', { name: /UltraFeedback/ })).toBe(null)
  await user.click(screen.getByRole('checkbox', { name: 'data sets' }))
  expect((await map()).getByRole('button', { name: /UltraFeedback/ })).toBeTruthy()
  expect(status()).toMatch(/^\d models, \d data sets, \d+ relations$/)
  expect(within(screen.getByRole('region', { name: 'What the lines mean' })).getByText('comparisons')).toBeTruthy()
})

test('the same is a nested list, in which unconfirmed relations say so', async () => {
  const { user, catalogue } = openBrowse(around('zephyr-7b-beta'))
  await map()
  await user.click(screen.getByRole('radio', { name: 'List' }))
  const list = screen.getByRole('region', { name: 'The same as a list' })
  expect(list.textContent).toMatch(
    /^Mistral-7B-v0\.1 base.*zephyr-7b-beta chat.*: tuned with comparisons.*openbuddy-zephyr-7b.*\(unconfirmed\)$/,
  )
  expect(within(list).getAllByRole('list')).toHaveLength(3)
  await user.click(within(list).getByRole('button', { name: 'zephyr-7b-beta' }))
  expect(catalogue.browse.getState().page).toMatchObject({ kind: 'family', id: 'zephyr' })
})

test('from one model to its family to everything', async () => {
  const { user } = openBrowse(around('mpt-7b-chat'))
  await map()
  expect(status()).toBe('2 models, 1 relation')
  await user.click(screen.getByRole('radio', { name: 'Its family' }))
  await map()
  expect(status()).toMatch(/^10 models/)
  await user.click(screen.getByRole('radio', { name: 'Everything' }))
  await map()
  expect(status()).toMatch(/^1\d\d models/)
})

test('there is no accessibility violation on the map or in the list', { timeout: 60_000 }, async () => {
  const { user } = openBrowse(around('zephyr-7b-beta'))
  await map()
  await user.click(screen.getByRole('checkbox', { name: 'data sets' }))
  await map()
  expect(await violations()).toEqual([])
  await user.click(screen.getByRole('radio', { name: 'List' }))
  expect(await violations()).toEqual([])
})
