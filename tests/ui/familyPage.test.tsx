// One family: facts with their doubts, siblings in a switch, what it takes here, the ways to get it, and what was measured.
import { act, fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { openBrowse, violations } from '../support/browsePage.tsx'
import { installed } from '../support/models.ts'

const page = (id: string, variant: string) => ({ kind: 'family', id, variant }) as const
const here = () => within(screen.getByRole('region', { name: 'On this machine' }))

test('the members of a line stand in a switch, and choosing one shows its facts', async () => {
  const { user } = openBrowse({ page: page('mpt', 'mpt-7b') })
  const kinds = screen.getByRole('radiogroup', { name: 'Variants of mpt-7b' })
  within(kinds).getByRole('radio', { name: /^base/ }).focus()
  await user.keyboard('{ArrowRight}{ArrowRight}{Enter}')
  const facts = await screen.findByRole('region', { name: 'mpt-7b-chat' })
  expect(facts.textContent).toContain('CC-BY-NC-SA-4.0')
  expect(facts.textContent).toContain('no commercial use')
  expect(facts.textContent).toContain('6,649,286,656')
  expect(facts.textContent).toContain('1 trillion tokens')
  expect(facts.textContent).toContain('The base model went on learning from conversations in several turns.')
  expect(facts.textContent).toContain('ShareGPT')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Size and release' }), 'mpt-30b')
  expect(await screen.findByRole('region', { name: 'mpt-30b-chat' })).toBeTruthy()
})

test('what no source confirmed is marked, and what that means is said', () => {
  openBrowse({ page: page('falcon', 'falcon-7b') })
  const facts = within(screen.getByRole('region', { name: 'falcon-7b' }))
  expect(facts.getAllByText(/unconfirmed/).length).toBeGreaterThan(0)
  expect(screen.getByText(/stands where no source that was read says so/)).toBeTruthy()
})

test('a publisher that asks for agreement is said to', () => {
  openBrowse({ page: page('llama-2', 'llama-2-7b-chat-hf') })
  expect(screen.getByText('terms to accept')).toBeTruthy()
  expect(screen.getByText(/only after you accept its terms/)).toBeTruthy()
  expect(screen.getByText('https://huggingface.co/meta-llama/Llama-2-7b-chat-hf')).toBeTruthy()
})

test('memory grows with the context; the verdict follows in words with numbers', async () => {
  const { user } = openBrowse({ page: page('mpt', 'mpt-7b-8k-chat') })
  const slider = here().getByRole<HTMLInputElement>('slider', { name: 'Context' })
  expect(slider.getAttribute('aria-valuetext')).toBe('4,096 tokens')
  expect(here().getByRole('status').textContent).toMatch(/It fits: it takes 6\.0 GB of the 8\.0 GB/)
  fireEvent.change(slider, { target: { value: slider.max } })
  expect(here().getByRole('status').textContent).toMatch(
    /It fits with 7,\d{3} tokens of context, which take .* With 8,192 tokens it would take 8\.\d GB\./,
  )
  await user.click(here().getByRole('button', { name: /^Use 7,\d{3} tokens$/ }))
  expect(here().getByRole('status').textContent).toMatch(/It fits: /)
})

test('what does not fit is refused with numbers, and smaller members are offered', async () => {
  const { user, catalogue } = openBrowse({ page: page('llama-2', 'llama-2-70b-chat-hf') })
  expect(here().getByRole('status').textContent).toMatch(
    /It does not fit: even with a small context it takes \d\d\.\d GB/,
  )
  const install = here().getByRole('button', { name: 'Install Llama-2-70b-chat-hf' })
  expect(install.getAttribute('aria-disabled')).toBe('true')
  expect(here().getByText('It would not load here.')).toBeTruthy()
  await user.click(here().getByRole('button', { name: 'Llama-2-7b-chat-hf' }))
  expect(catalogue.browse.getState().page).toEqual(page('llama-2', 'llama-2-7b-chat-hf'))
})

test('ready-made weights or the original: each says its bytes and the disk after it, and the chosen one is installed', async () => {
  const { user, installs } = openBrowse({ page: page('tinyllama', 'tinyllama-1.1b-chat-v1.0') })
  const choices = within(here().getByRole('group', { name: 'How to get it' }))
  const [ready, , original] = choices.getAllByRole<HTMLInputElement>('radio')
  expect(ready?.checked).toBe(true)
  expect(choices.getByText(/^619 MB to download, 619 MB stay on the disk, 119 GB free after it$/)).toBeTruthy()
  expect(choices.getByText(/^about 2\.2 GB to download, 619 MB stay on the disk/)).toBeTruthy()
  if (original === undefined) throw new Error('the original is not offered')
  await user.click(original)
  await user.click(here().getByRole('button', { name: 'Install TinyLlama-1.1B-Chat-v1.0' }))
  expect(installs).toEqual([
    {
      source: { kind: 'checkpoint', repository: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0' },
      format: 'q4f16_1',
      quantization: 'round-to-nearest',
      contextTokens: null,
      keepCheckpoint: false,
    },
  ])
  expect(await here().findByText('In the queue')).toBeTruthy()
})

test('a disk without the space for it refuses with the bytes that are missing', () => {
  openBrowse({ page: page('mpt', 'mpt-7b'), surroundings: { freeBytes: 10_000_000_000 } })
  expect(here().getByText(/^The disk has too little space: 7\.0 GB more are needed while it is made\.$/)).toBeTruthy()
})

test('a repository with the difference alone cannot be installed', () => {
  openBrowse({ page: page('alpaca', 'alpaca-7b-wdiff') })
  expect(here().getAllByText(/holds only the difference to its base/)).toHaveLength(2)
  expect(
    here()
      .getByRole('button', { name: /^Install/ })
      .getAttribute('aria-disabled'),
  ).toBe('true')
})

test('once it ran here, what was measured stands beside what was predicted', async () => {
  const base = installed('base')
  const model = { ...base, manifest: { ...base.manifest, id: 'mosaicml/mpt-7b-chat' } }
  const record = {
    key: model.key,
    place: 'store',
    sizeBytes: 1,
    ownBytes: 1,
    addedAtMs: null,
    lastUsedAtMs: null,
    origin: null,
    lastVerifiedAtMs: null,
    damage: [],
    measurements: [
      {
        key: model.key,
        adapterName: 'Apple M2',
        memoryBytes: 5_000_000_000,
        contextTokens: 2048,
        loadMs: 2000,
        decodeTokensPerSecond: 17.5,
        measuredAtMs: 1,
      },
    ],
  } as const
  const { user, shown } = openBrowse({
    page: page('mpt', 'mpt-7b-chat'),
    surroundings: { installed: [model], records: [record] },
  })
  const table = within(here().getByRole('table', { name: /Predicted and measured, with 2,048 tokens/ }))
  expect(table.getByRole('row', { name: /^Memory 4\.9 GB 5\.0 GB \(2 % more\)$/ })).toBeTruthy()
  expect(table.getByRole('row', { name: /^Speed up to .* 17\.5 tokens per second$/ })).toBeTruthy()
  await user.click(here().getByRole('button', { name: 'Open in the chat: mpt-7b-chat' }))
  expect(shown).toEqual([model.key])
})

test('there is no accessibility violation on a family, also on one that was never published', {
  timeout: 60_000,
}, async () => {
  const { catalogue } = openBrowse({ page: page('tinyllama', 'tinyllama-1.1b-chat-v1.0') })
  expect(await violations()).toEqual([])
  act(() => catalogue.open({ kind: 'family', id: 'chinchilla', variant: null }))
  expect(screen.getByText('There is nothing to download.')).toBeTruthy()
  expect(await violations()).toEqual([])
})
