// The commands that get and keep models, on models and jobs that stand in for the disk and the network.
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { parseCommand, UsageError } from '../../../electron/launch/arguments.ts'
import { helpTexts } from '../../../electron/launch/help.ts'
import { createJobDisplay, jobLine } from '../../../electron/launch/jobProgress.ts'
import type { PullOptions } from '../../../electron/launch/modelArguments.ts'
import { type PullModels, pull } from '../../../electron/launch/pull.ts'
import { remove } from '../../../electron/launch/remove.ts'
import { search } from '../../../electron/launch/search.ts'
import { modelText } from '../../../electron/launch/show.ts'
import { createTerminal } from '../../../electron/launch/terminal.ts'
import { verify } from '../../../electron/launch/verify.ts'
import type { Jobs } from '../../../electron/services/models.ts'
import { ServiceError } from '../../../electron/services/serviceError.ts'
import type { InspectionReport } from '../../../shared/inspect/report.ts'
import type { InstallRequest, Job } from '../../../shared/jobs.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { modelManifestOf } from '../../support/installedModel.ts'
import { jobOf } from '../../support/jobs.ts'

const { signal } = new AbortController()
const key = 'a'.repeat(64)
const installed: readonly InstalledModel[] = [
  { key, bundled: false, manifest: modelManifestOf('somebody/model', []) },
  { key: 'b'.repeat(64), bundled: true, manifest: modelManifestOf('hearth/bundled', []) },
]
const record: ModelRecord = {
  key,
  place: 'store',
  sizeBytes: 2_000_000_000,
  ownBytes: 1_500_000_000,
  addedAtMs: 0,
  lastUsedAtMs: Date.UTC(2026, 10, 28),
  origin: { kind: 'checkpoint', repository: 'somebody/model', commit: 'c'.repeat(40) },
  lastVerifiedAtMs: null,
  damage: [],
  measurements: [],
}

function terminal() {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? ''
  return { terminal: createTerminal(output, errors), output: () => text(output), errors: () => text(errors) }
}

/** A queue whose jobs end at once as given, or never. */
function queue(ending: Job | ServiceError | null, open: readonly Job[] = []) {
  const asked: string[] = []
  const requests: InstallRequest[] = []
  const id = 'new-job'
  const jobs: Jobs = {
    list: () => open,
    watch: (listener) => listener([jobOf({ id })]),
    install: async (request) => {
      requests.push(request)
      return id
    },
    verify: async (named) => `verify ${named}`,
    repair: async (named) => `repair ${named}`,
    moveFolder: async () => id,
    pause: async (named) => void asked.push(`pause ${named}`),
    resume: async (named) => void asked.push(`resume ${named}`),
    cancel: async (named) => void asked.push(`cancel ${named}`),
    move: async () => {},
    finished: async (named, stop) => {
      asked.push(`finished ${named}`)
      if (ending instanceof ServiceError) throw ending
      if (ending !== null) return ending
      return await new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason)))
    },
  }
  return { jobs, asked, requests }
}

const report = (form: InspectionReport['form']) =>
  ({
    subject: { kind: 'repository', repository: 'Somebody/Model', commit: 'c'.repeat(40), isGated: false },
    form,
  }) as InspectionReport
const options: PullOptions = {
  repository: 'somebody/model',
  format: 'q4f16_1',
  quantization: 'search',
  contextTokens: null,
  keepCheckpoint: false,
  json: false,
}
function pullModels(jobs: Jobs, form: InspectionReport['form'] = 'checkpoint'): PullModels {
  return { jobs, inspect: async () => report(form), records: async () => [record] }
}

describe('pull', () => {
  const done = jobOf({ state: 'done', modelKey: key })

  test('installs a checkpoint under the name the Hub gives it and says how large it became', async () => {
    const { jobs, requests } = queue(done)
    const { terminal: to, errors } = terminal()
    expect(await pull(pullModels(jobs), options, to, signal)).toBe(0)
    expect(requests).toEqual([
      {
        source: { kind: 'checkpoint', repository: 'Somebody/Model' },
        format: 'q4f16_1',
        quantization: 'search',
        contextTokens: null,
        keepCheckpoint: false,
      },
    ])
    expect(errors()).toBe('hearth: downloading 50 %\nhearth: somebody/model is installed: 2.0 GB\n')
  })

  test('takes ready-made weights as they are, and keeps a revision that was named', async () => {
    const { jobs, requests } = queue(done)
    const repository = 'https://huggingface.co/somebody/model/tree/v2'
    await pull(pullModels(jobs, 'ready'), { ...options, repository }, terminal().terminal, signal)
    expect(requests[0]?.source).toEqual({ kind: 'ready', repository })
  })

  test.each(['paused', 'failed'] as const)('goes on with a job that is %s in place of a second one', async (state) => {
    const { jobs, asked, requests } = queue(done, [jobOf({ id: 'old-job', state, title: 'Somebody/Model' })])
    await pull(pullModels(jobs), options, terminal().terminal, signal)
    expect([asked, requests]).toEqual([['resume old-job', 'finished old-job'], []])
  })

  test('rejects with the problem of its job', async () => {
    const problem = { code: 'wrong-bytes', file: 'model.safetensors', expected: 'a', actual: 'b' } as const
    const { jobs } = queue(new ServiceError(problem))
    await expect(pull(pullModels(jobs), options, terminal().terminal, signal)).rejects.toThrow('model.safetensors')
  })

  test('leaves its job paused when it is stopped', async () => {
    const { jobs, asked } = queue(null)
    const stop = new AbortController()
    const pulling = pull(pullModels(jobs), options, terminal().terminal, stop.signal)
    setImmediate(() => stop.abort(new Error('Ctrl-C')))
    await expect(pulling).rejects.toThrow('Ctrl-C')
    expect(asked.at(-1)).toBe('pause new-job')
  })

  test('gives programs a line for each state of the job', async () => {
    const { jobs } = queue(done)
    const { terminal: to, output, errors } = terminal()
    await pull(pullModels(jobs), { ...options, json: true }, to, signal)
    expect(
      output()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Job),
    ).toMatchObject([{ stage: 'downloading' }])
    expect(errors()).toBe('')
  })
})

describe('verify', () => {
  const damaged = { ...record, damage: [{ file: 'params_shard_0.bin', detail: 'block 3 has other bytes' }] }

  test('names every damaged file and exits with 1', async () => {
    const { jobs, asked } = queue(jobOf({ state: 'done' }))
    const { terminal: to, output, errors } = terminal()
    const models = { jobs, records: async () => [damaged] }
    const found = await verify({ installed, models }, { ids: [], repair: false, json: false }, to, signal)
    expect(found).toBe(1)
    expect(errors()).toBe('hearth: somebody/model: params_shard_0.bin: block 3 has other bytes\n')
    expect(output()).toBe('hearth/bundled: sound\n')
    expect(asked.filter((line) => line.includes('repair'))).toEqual([])
  })

  test('repairs only what is damaged, and only when told to', async () => {
    const { jobs, asked } = queue(jobOf({ state: 'done' }))
    const models = {
      jobs,
      records: async () => (asked.some((line) => line.includes('repair')) ? [record] : [damaged]),
    }
    const found = await verify(
      { installed, models },
      { ids: [], repair: true, json: true },
      terminal().terminal,
      signal,
    )
    expect(found).toBe(0)
    expect(asked.filter((line) => line.includes('repair'))).toEqual([`finished repair ${key}`])
  })
})

test('rm deletes all that are named, or none where one is unknown', async () => {
  const removed: string[] = []
  const models = {
    remove: async (named: string) => {
      removed.push(named)
      return { freedBytes: 1_500_000_000 }
    },
  }
  const { terminal: to, errors } = terminal()
  const unknown = { ids: ['somebody/model', 'somebody/else'], json: false }
  await expect(remove({ installed, models }, unknown, to)).rejects.toThrow('no model somebody/else')
  expect(removed).toEqual([])
  expect(await remove({ installed, models }, { ids: ['somebody/model'], json: false }, to)).toBe(0)
  expect([removed, errors()]).toEqual([[key], 'hearth: somebody/model is deleted; 1.5 GB are free again\n'])
})

test('show tells of an installed model where it is from, what it takes and how it ran', () => {
  const adapterName = 'A card'
  const measured = { key, adapterName, contextTokens: 1, loadMs: 1500, measuredAtMs: 0, memoryBytes: 3_000_000_000 }
  const [model] = installed
  if (model === undefined) throw new Error('no model')
  const text = modelText(model, { ...record, measurements: [{ ...measured, decodeTokensPerSecond: 31.4 }] })
  expect(text).toContain(`made from:    somebody/model at ${'c'.repeat(40)}\n`)
  expect(text).toContain('on disk:      2.0 GB; deleting it frees 1.5 GB\n')
  expect(text).toContain('last used:    2026-11-28\n')
  expect(text).toContain('measured:     3.0 GB, loaded in 1.5 s, 31.4 tokens per second (A card)\n')
})

test('search prints a line per repository and exits with 1 where there is none', async () => {
  const found = { repository: 'a/b', downloads: 1234, likes: 1, isGated: true, licence: null, tags: [] }
  const { terminal: to, output, errors } = terminal()
  expect(await search({ search: async () => [found] }, { text: 'b', json: false }, to, signal)).toBe(0)
  expect(output()).toBe('a/b  1,234 downloads  licence not given  its terms must be accepted\n')
  expect(await search({ search: async () => [] }, { text: 'b', json: false }, to, signal)).toBe(1)
  expect(errors()).toBe("hearth: no model's name has b in it\n")
})

describe('progress', () => {
  test('is one line with what is done, how fast, and what waits', () => {
    expect(jobLine(jobOf({ compileFraction: 0.25 }))).toMatch(
      /^█{15}░{15} {2}50 % {2}downloading {2}500 MB of 1\.0 GB {2}10\.0 MB\/s {2}50\.0 s left {2}compiled 25 %$/,
    )
    const problem = { code: 'offline', host: 'hub.example', detail: 'ECONNRESET' } as const
    expect(jobLine(jobOf({ waiting: { problem, untilMs: 0 } }))).toBe('waiting: hub.example: no connection: ECONNRESET')
  })

  test('is a line per tenth and stage in a log', () => {
    const said: string[] = []
    const display = createJobDisplay({ write: async () => true, say: (line) => said.push(line), redraw: null }, false)
    for (let doneBytes = 0; doneBytes <= 1000; doneBytes += 10) display.report(jobOf({ doneBytes, totalBytes: 1000 }))
    expect(said).toHaveLength(11)
    display.report(jobOf({ stage: 'compiling', compileFraction: 0 }))
    expect(said.at(-1)).toBe('compiling 0 %')
  })
})

describe('arguments', () => {
  test.each([
    [['search', 'tiny', 'llama'], { kind: 'search', text: 'tiny llama', json: false }],
    [['show', 'a/b', '--json'], { kind: 'show', subject: 'a/b', json: true }],
    [['verify'], { kind: 'verify', ids: [], repair: false, json: false }],
    [['verify', 'a/b', 'c/d', '--repair'], { kind: 'verify', ids: ['a/b', 'c/d'], repair: true, json: false }],
    [['rm', 'a/b'], { kind: 'rm', ids: ['a/b'], json: false }],
    [['doctor'], { kind: 'doctor', json: false }],
    [['pull', 'a/b'], { kind: 'pull', options: { ...options, repository: 'a/b' } }],
  ])('%j', (args, command) => {
    expect(parseCommand(args)).toEqual(command)
  })

  test('pull takes a format, a method and a context', () => {
    const args = ['pull', 'a/b', '--format', 'q4f32_1', '--quantization=round-to-nearest', '--context', '2048']
    expect(parseCommand([...args, '--keep-checkpoint', '--json'])).toEqual({
      kind: 'pull',
      options: {
        repository: 'a/b',
        format: 'q4f32_1',
        quantization: 'round-to-nearest',
        contextTokens: 2048,
        keepCheckpoint: true,
        json: true,
      },
    })
  })

  test.each([
    [['search'], /words are needed/],
    [['show'], /publisher\/name is needed/],
    [['pull'], /publisher\/name is needed/],
    [['pull', 'a/b', '--context', '5'], /--context: expected a number from 128/],
    [['pull', 'a/b', '--format', 'q8'], /--format: expected q4f16_1/],
    [['rm'], /a model is needed/],
    [['rm', '../x'], /rm: expected publisher\/name, got \.\.\/x/],
    [['verify', 'x'], /verify: expected publisher\/name/],
    [['doctor', 'x'], /unexpected argument x/],
    [['toString'], /unknown command toString/],
  ])('%j is refused', (args, problem) => {
    expect(() => parseCommand(args)).toThrow(UsageError)
    expect(() => parseCommand(args)).toThrow(problem)
  })

  test.each(['search', 'show', 'pull', 'verify', 'rm', 'doctor'] as const)('%s has its help', (topic) => {
    expect(parseCommand([topic, '--help'])).toEqual({ kind: 'help', topic })
    expect(parseCommand(['help', topic])).toEqual({ kind: 'help', topic })
    expect(helpTexts.hearth).toContain(`hearth ${topic}`)
    expect(helpTexts[topic]).toContain('--json')
    for (const line of helpTexts[topic].split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})
