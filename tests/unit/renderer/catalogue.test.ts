// The catalogue's store: pages, what was pasted or dropped, installations; and needs that are computed in slices.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { client, RequestFailed } from '../../../renderer/ipc.ts'
import { type BrowsePage, createCatalogue, namesRepository, requestFor } from '../../../renderer/state/catalogue.ts'
import {
  findFamilies,
  findReadyModels,
  installedOf,
  isNarrowed,
  noFilters,
} from '../../../renderer/state/catalogueFilters.ts'
import { createCatalogueNeeds, fitOf } from '../../../renderer/state/catalogueNeeds.ts'
import { variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import type { Machine } from '../../../shared/fit/verdict.ts'
import type { InstallRequest, Job } from '../../../shared/jobs.ts'
import { fakeBridge } from '../../support/fakeBridge.ts'
import { inspectionReport } from '../../support/inspectionReport.ts'
import { family } from '../../support/models.ts'

const machine: Machine = {
  target: 'half',
  memoryBytes: 8e9,
  largestBufferBytes: 4e9,
  bandwidthBytesPerSecond: 9e10,
}

function open(answers: Parameters<typeof fakeBridge>[2] = {}) {
  const steps: (() => void)[] = []
  const catalogue = createCatalogue({
    call: client(fakeBridge(null, [], answers)),
    drop: async (file) => ({ ok: true, value: { token: `token of ${file.name}`, name: file.name } }),
    later: (step) => void steps.push(step),
    showDownloads: () => {},
    showInstalled: () => {},
    showSettings: () => {},
    openModel: () => {},
  })
  return { catalogue, steps }
}

const gated = {
  ok: false as const,
  error: {
    code: 'failed' as const,
    message: 'terms',
    problem: { code: 'gated' as const, name: 'meta-llama/Llama-2-7b-hf', withToken: false },
  },
}

test('going back leads over the pages that were opened, not over the members that were switched to', () => {
  const { catalogue } = open()
  catalogue.open({ kind: 'family', id: 'mpt', variant: null })
  catalogue.showVariant('mpt', 'mpt-7b-chat')
  catalogue.open({ kind: 'lineage', around: 'mpt-7b-chat' })
  catalogue.back()
  expect(catalogue.browse.getState().page).toEqual({ kind: 'family', id: 'mpt', variant: 'mpt-7b-chat' })
  catalogue.back()
  catalogue.back()
  expect(catalogue.browse.getState().page).toEqual({ kind: 'all' })
})

test('however pages are opened and left, going back gives the one before, and at last the list', () => {
  const pages = fc.constantFrom<BrowsePage>(
    { kind: 'all' },
    { kind: 'names', name: '' },
    { kind: 'family', id: 'mpt', variant: null },
    { kind: 'lineage', around: null },
  )
  fc.assert(
    fc.property(fc.array(fc.option(pages), { maxLength: 18 }), (moves) => {
      const { catalogue } = open()
      const stack: BrowsePage[] = [{ kind: 'all' }]
      for (const page of moves) {
        if (page !== null) stack.push(page)
        else if (stack.length > 1) stack.pop()
        else stack[0] = { kind: 'all' }
        if (page === null) catalogue.back()
        else catalogue.open(page)
        expect(catalogue.browse.getState().page).toEqual(stack.at(-1))
      }
    }),
    { seed: 20_261_128 },
  )
})

test('publisher/name is a repository whatever the names, and text with a space in it never is', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,40}$/)
  fc.assert(
    fc.property(name, name, (publisher, model) => {
      expect(namesRepository(`${publisher}/${model}`)).toBe(true)
      expect(namesRepository(`https://huggingface.co/${publisher}/${model}`)).toBe(true)
      expect(namesRepository(`${publisher} ${model}`)).toBe(false)
      expect(namesRepository(`https://huggingface.co/${publisher}/${model} chat`)).toBe(false)
    }),
    { seed: 20_261_128 },
  )
})

test.for([
  ['mosaicml/mpt-7b-chat', true],
  ['https://huggingface.co/mosaicml/mpt-7b-chat/tree/main', true],
  ['huggingface.co/mosaicml/mpt-7b-chat', true],
  ['http://127.0.0.1:8080/a/b', true],
  ['mpt chat', false],
  ['mpt-7b', false],
  ['a/b/c', false],
  ['llama / mistral', false],
] as const)('%s is a repository: %s', ([text, expected]) => {
  expect(namesRepository(text)).toBe(expected)
})

test('a repository is looked at, other words are searched for, and empty text asks nothing', async () => {
  const asked: unknown[] = []
  const { catalogue } = open({
    'catalog.inspect': async (input) => {
      asked.push(input)
      return { ok: true, value: inspectionReport() }
    },
    'catalog.search': async (input) => {
      asked.push(input)
      return { ok: true, value: [] }
    },
  })
  await catalogue.look('  ')
  await catalogue.look(' mosaicml/mpt-7b-chat ')
  expect(catalogue.inspection.getState()).toMatchObject({ kind: 'report', about: 'mosaicml/mpt-7b-chat' })
  await catalogue.look('mpt chat')
  expect(catalogue.inspection.getState()).toEqual({ kind: 'found', about: 'mpt chat', repositories: [] })
  expect(asked).toEqual([{ kind: 'repository', repository: 'mosaicml/mpt-7b-chat' }, { text: 'mpt chat' }])
  expect(catalogue.browse.getState().page).toEqual({ kind: 'inspection' })
})

test('an answer that comes after another question was asked is dropped', async () => {
  const answers = new Map<string, (report: ReturnType<typeof inspectionReport>) => void>()
  const { catalogue } = open({
    'catalog.inspect': (input) =>
      new Promise((resolve) => {
        if (input.kind === 'repository') answers.set(input.repository, (value) => resolve({ ok: true, value }))
      }),
  })
  const [first, second] = [catalogue.look('a/first'), catalogue.look('a/second')]
  answers.get('a/second')?.(inspectionReport())
  await second
  answers.get('a/first')?.(inspectionReport())
  await first
  expect(catalogue.inspection.getState()).toMatchObject({ kind: 'report', about: 'a/second' })
})

test('a refusal is kept with its reason and can be tried again', async () => {
  let refuses = true
  const { catalogue } = open({
    'catalog.inspect': async () => (refuses ? gated : { ok: true, value: inspectionReport() }),
  })
  await catalogue.look('meta-llama/Llama-2-7b-hf')
  const failed = catalogue.inspection.getState()
  if (failed.kind !== 'failed') throw new Error(`expected a failure, got ${failed.kind}`)
  expect(failed.error).toBeInstanceOf(RequestFailed)
  refuses = false
  failed.again?.()
  await expect.poll(() => catalogue.inspection.getState().kind).toBe('report')
})

test('a dropped folder is looked at by its token; what cannot be dropped says so', async () => {
  const { catalogue } = open({
    'catalog.inspect': async (input) => {
      expect(input).toEqual({ kind: 'folder', token: 'token of pythia' })
      return { ok: true, value: inspectionReport() }
    },
  })
  await catalogue.dropped(new File([], 'pythia'))
  expect(catalogue.inspection.getState()).toMatchObject({ kind: 'report', about: 'pythia' })
  const { catalogue: other } = open({ 'local.choose': async () => ({ ok: true, value: null }) })
  await other.chooseFolder()
  expect(other.browse.getState().page).toEqual({ kind: 'all' })
})

test('an installation is asked for once, and a refusal can be seen', async () => {
  const requests: InstallRequest[] = []
  const { catalogue } = open({
    'jobs.install': async (request) => {
      requests.push(request)
      return requests.length === 1 ? gated : { ok: true, value: { jobId: 'job' } }
    },
  })
  const request = requestFor({ kind: 'checkpoint', repository: 'a/b', format: 'q4f16_1' }, 2048, false)
  await Promise.all([catalogue.install(request), catalogue.install(request)])
  expect(requests).toEqual([request])
  expect(catalogue.installs.getState()['checkpoint:a/b']).toMatchObject({ kind: 'failed' })
  await catalogue.install(request)
  expect(catalogue.installs.getState()['checkpoint:a/b']).toEqual({ kind: 'queued', jobId: 'job' })
})

test('when its job is gone, a model can be asked for again', async () => {
  const { catalogue } = open({ 'jobs.install': async () => ({ ok: true, value: { jobId: 'job' } }) })
  await catalogue.install(requestFor({ kind: 'checkpoint', repository: 'a/b', format: 'q4f16_1' }, null, false))
  const job = { id: 'job', title: 'a/b' } as Job
  catalogue.surroundings.setState({ jobs: [] })
  expect(catalogue.installs.getState()['checkpoint:a/b']).toMatchObject({ kind: 'queued' })
  catalogue.surroundings.setState({ jobs: [job] })
  expect(catalogue.installs.getState()['checkpoint:a/b']).toMatchObject({ kind: 'queued' })
  catalogue.surroundings.setState({ jobs: [] })
  expect(catalogue.installs.getState()).toEqual({})
})

test('ready-made models are shown while nothing is asked for that is not known of them', () => {
  expect(findReadyModels(noFilters).length).toBeGreaterThan(10)
  const found = findReadyModels({ ...noFilters, text: 'llama 3.2 1b', kinds: ['instruct'] })
  expect(found.map(({ name }) => name)).toEqual(['Llama-3.2-1B-Instruct'])
  expect(findReadyModels({ ...noFilters, commercialUse: 'yes' })).toEqual([])
})

test('models of other programs are asked for when they are wanted', async () => {
  const { catalogue } = open({ 'local.foreign': async () => ({ ok: true, value: [] }) })
  expect(catalogue.foreign.getState()).toEqual({ kind: 'unknown' })
  await catalogue.findForeign()
  expect(catalogue.foreign.getState()).toEqual({ kind: 'list', models: [] })
})

test('needs are computed one configuration at a time, each once, and then every variant has a verdict', () => {
  const steps: (() => void)[] = []
  const needs = createCatalogueNeeds((step) => void steps.push(step))
  const first = variants[0]
  if (first === undefined) throw new Error('an empty catalogue')
  const here = { ...machine, target: 'portable' as const }
  expect(fitOf(first, needs.store.getState(), here)).toEqual({ kind: 'computing' })
  needs.fill('portable')
  needs.fill('portable')
  expect(steps).toHaveLength(1)
  let slices = 0
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    step()
    slices++
  }
  expect(slices).toBe(new Set(variants.map(({ config }) => config).filter((config) => config !== null)).size)
  expect(needs.store.getState().isComplete).toBe(true)
  const kinds = new Set(variants.map((variant) => fitOf(variant, needs.store.getState(), here).kind))
  expect(kinds).toEqual(new Set(['judged', 'unknown']))
  expect(fitOf(first, needs.store.getState(), null)).toMatchObject({ kind: 'unmeasured' })
})

test('another target ends what was being computed for the one before', () => {
  const steps: (() => void)[] = []
  const needs = createCatalogueNeeds((step) => void steps.push(step))
  needs.fill('half')
  needs.fill('portable')
  steps[0]?.()
  expect(steps).toHaveLength(2)
  expect(needs.store.getState().needs.size).toBe(0)
})

test('filters leave families with the members that match, and nothing narrows at first', () => {
  const fits = (limit: number) => (variant: { readonly parameters: number | null }) =>
    ({
      kind: 'judged',
      needs: {},
      verdict: { kind: (variant.parameters ?? Infinity) < limit ? 'fits' : 'does-not-fit' },
    }) as unknown as ReturnType<typeof fitOf>
  const never = () => false
  const all = findFamilies(noFilters, fits(Infinity), never)
  expect(isNarrowed(noFilters)).toBe(false)
  expect(all.flatMap(({ lines }) => lines.flat())).toHaveLength(variants.length)
  expect(all.some(({ lines }) => lines.length === 0)).toBe(true)
  const small = findFamilies({ ...noFilters, text: 'mpt', kinds: ['chat'], fitsHere: true }, fits(1e10), never)
  expect(small.map(({ family: found, lines }) => [found.id, lines.flat().map(({ id }) => id)])).toEqual([
    ['mpt', ['mpt-7b-chat', 'mpt-7b-8k-chat']],
  ])
  const one = findFamilies({ ...noFilters, installedOnly: true }, fits(0), ({ id }) => id === 'phi-2')
  expect(one.map(({ family: found }) => found.id)).toEqual(['phi'])
  const sized = findFamilies({ ...noFilters, size: '4b-to-10b' }, fits(0), never).flatMap(({ lines }) => lines.flat())
  for (const { parameters } of sized)
    expect([parameters ?? 0]).toEqual([Math.min(Math.max(parameters ?? 0, 4e9), 1e10)])
})

test('an installed model belongs to the variant of its origin, or of its name', () => {
  const variant = variantNamed('tinyllama-1.1b-chat-v1.0')
  const [model] = family
  if (variant === undefined || model === undefined) throw new Error('nothing to compare')
  const named = { ...model, manifest: { ...model.manifest, id: variant.repository } }
  expect(installedOf(variant, [named], [])).toEqual([named])
  expect(installedOf(variant, [model], [])).toEqual([])
  const origin = { kind: 'ready', repository: 'mlc-ai/TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC', commit: '' } as const
  const record = {
    key: model.key,
    place: 'store',
    sizeBytes: 1,
    ownBytes: 1,
    addedAtMs: null,
    lastUsedAtMs: null,
    origin,
    lastVerifiedAtMs: null,
    damage: [],
    measurements: [],
  } as const
  expect(installedOf(variant, [model], [record])).toEqual([model])
})
