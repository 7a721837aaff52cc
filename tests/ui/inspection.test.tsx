// Models from elsewhere: pasted, searched for, chosen, dropped or found on this computer; and what a name says.
import { fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ServiceProblem } from '../../shared/problems.ts'
import { openBrowse, violations } from '../support/browsePage.tsx'
import { inspectionReport } from '../support/inspectionReport.ts'

const field = () => screen.getByRole('textbox', { name: 'Repository, address or words to search for' })
const failing = (problem: ServiceProblem) => ({
  'catalog.inspect': async () => ({ ok: false as const, error: { code: 'failed' as const, message: '', problem } }),
})

test('an address that is pasted is looked at: what it is, whether it compiles, whether it fits', async () => {
  const { user, installs } = openBrowse()
  await user.type(field(), 'a/tiny{Enter}')
  expect(await screen.findByRole('heading', { level: 1, name: 'a/tiny' })).toBeTruthy()
  const facts = (await screen.findByRole('region', { name: 'What it is' })).textContent
  expect(facts).toContain('Hearth can compile it')
  expect(facts).toContain('chat: takes turns. The chat template it carries is of this kind.')
  expect(facts).toContain('apache-2.0')
  expect(facts).toContain('2.2 GB, 1 file of weights')
  expect(screen.getByText(/It fits: it takes \d{3} MB of the 8\.0 GB/)).toBeTruthy()
  await user.selectOptions(screen.getByRole('combobox', { name: 'Stored in' }), 'q0f16')
  expect(screen.getByText(/It fits: it takes 2\.\d GB of the 8\.0 GB/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Install' }))
  expect(installs).toMatchObject([{ source: { kind: 'checkpoint', repository: 'a/tiny' }, format: 'q0f16' }])
})

test('what cannot be compiled says why and cannot be installed', async () => {
  const report = inspectionReport()
  const obstacle = 'config.json: model_type "t5" is no architecture that Hearth knows'
  const { user } = openBrowse({
    answers: {
      'catalog.inspect': async () => ({ ok: true, value: { ...report, found: { ...report.found, obstacle } } }),
    },
  })
  await user.type(field(), 'google/t5{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain(obstacle)
  expect(screen.getByRole('button', { name: 'Install' }).getAttribute('aria-disabled')).toBe('true')
})

const refusals: readonly [string, ServiceProblem, RegExp, string | null][] = [
  [
    'agreement',
    { code: 'gated', name: 'a/b', withToken: false },
    /asks for agreement first.*huggingface\.co\/a\/b/,
    'Open settings',
  ],
  ['offline mode', { code: 'switched-off', host: 'huggingface.co' }, /Offline mode is on/, 'Open settings'],
  ['no network', { code: 'offline', host: 'huggingface.co', detail: 'reset' }, /No connection to/, 'Try again'],
  ['a wrong name', { code: 'bad-name', name: 'a/b', detail: 'no' }, /names no repository/, null],
]

test.for(refusals)('%s: what is missing is explained with its next step', async ([, problem, words, button]) => {
  const { user, shown } = openBrowse({ answers: failing(problem) })
  await user.type(field(), 'a/b{Enter}')
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toMatch(words)
  if (button === null) return expect(within(alert).queryAllByRole('button')).toEqual([])
  await user.click(within(alert).getByRole('button', { name: button }))
  expect(shown).toEqual(button === 'Open settings' ? ['settings'] : [])
})

test('words are searched for, and what is found can be looked at', async () => {
  const { user } = openBrowse({
    answers: {
      'catalog.search': async ({ text }) => ({
        ok: true,
        value: [
          { repository: `found/${text}`, downloads: 12_345, likes: null, isGated: true, licence: 'mit', tags: [] },
        ],
      }),
    },
  })
  await user.type(field(), 'tiny')
  await user.click(screen.getByRole('button', { name: 'Search' }))
  const found = within(await screen.findByRole('region', { name: 'Repositories that were found' }))
  expect(found.getByText('mit · 12,345 downloads')).toBeTruthy()
  await user.click(found.getByRole('button', { name: 'Look at it: found/tiny' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'found/tiny' })).toBeTruthy()
})

test('a folder that is dropped anywhere is looked at', async () => {
  openBrowse()
  const area = screen.getByRole('heading', { level: 1 })
  fireEvent.dragOver(area)
  expect(screen.getByText('Let go to look at it')).toBeTruthy()
  fireEvent.drop(area, { dataTransfer: { files: [new File([], 'pythia-70m')], getData: () => '' } })
  expect(await screen.findByRole('heading', { level: 1, name: 'pythia-70m' })).toBeTruthy()
})

test('models of other programs are listed when asked for', async () => {
  const { user } = openBrowse({
    answers: {
      'local.foreign': async () => ({
        ok: true,
        value: [{ token: 'x', name: 'EleutherAI/pythia-70m', kind: 'hugging-face-cache', sizeBytes: 166_000_000 }],
      }),
    },
  })
  // jsdom opens no details by itself.
  const details = screen.getByText('On this computer').closest('details')
  if (details === null) throw new Error('nothing to open')
  details.open = true
  fireEvent(details, new Event('toggle'))
  expect(await screen.findByText('Hugging Face cache · 166 MB')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Look at it: EleutherAI/pythia-70m' }))
  expect(await screen.findByRole('heading', { level: 1, name: 'EleutherAI/pythia-70m' })).toBeTruthy()
})

test('a name is read word by word, with what does not go together', async () => {
  const { user } = openBrowse({ page: { kind: 'names', name: '' } })
  await user.type(screen.getByRole('textbox', { name: 'Name of a model' }), 'llama2-zephyr-orca-ultra')
  const words = screen.getByRole('region', { name: 'What “llama2-zephyr-orca-ultra” says' })
  expect(
    within(words)
      .getAllByRole('term')
      .map(({ textContent }) => textContent),
  ).toEqual(['llama2 family', 'zephyr model', 'orca data', 'ultra data'])
  expect(screen.getByRole('status').textContent).toContain('their weights cannot be merged')
})

test('there is no accessibility violation on a report, a refusal, a search or a name', {
  timeout: 60_000,
}, async () => {
  const { user, catalogue } = openBrowse({ answers: { 'catalog.search': async () => ({ ok: true, value: [] }) } })
  await user.type(field(), 'a/tiny{Enter}')
  await screen.findByRole('region', { name: 'What it is' })
  expect(await violations()).toEqual([])
  await catalogue.look('nothing')
  await screen.findByText(/The Hub found nothing/)
  expect(await violations()).toEqual([])
  catalogue.open({ kind: 'names', name: 'mpt-7b-chat' })
  await screen.findByRole('region', { name: 'What “mpt-7b-chat” says' })
  expect(await violations()).toEqual([])
})
