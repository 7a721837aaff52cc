// Several loaded models that write at once: whether they fit, whose text is whose, and what happens to the others when one fails or all are ended.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GenerationEvent } from '../../../renderer/inference/generate.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { engineOnFakes, type FakeWorker, loadOnFakes, sizedModel, stillWatcher } from '../../support/fakeWorker.ts'
import { installed } from '../../support/models.ts'

const never = new AbortController().signal
const sampling = { temperature: 0, topP: 1, maxTokens: 8, seed: 1 }
const stats = { promptTokens: 5, completionTokens: 2, timeToFirstTokenMs: 20, decodeTokensPerSecond: 30 }
const [a, b, c] = [sizedModel('a', 40), sizedModel('b', 50), sizedModel('c', 30)]
const all = [a, b, c]

/** Three loaded models, `c` in use. */
async function three() {
  const fakes = engineOnFakes(200)
  for (const model of all) await loadOnFakes(fakes, model)
  const [first, second, third] = fakes.workers
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were started')
  return { ...fakes, first, second, third }
}

interface Run {
  readonly events: GenerationEvent[]
  readonly ended: Promise<unknown>
}

/** Follows a run to its end, which is null or what it threw. */
function follow(stream: AsyncIterable<GenerationEvent>): Run {
  const events: GenerationEvent[] = []
  const read = async () => {
    for await (const event of stream) events.push(event)
    return null
  }
  return { events, ended: read().catch((error: unknown) => error) }
}

/** Asks all three to write and waits until their workers have it. */
async function writing({ engine }: Awaited<ReturnType<typeof three>>, signal = never): Promise<readonly Run[]> {
  const runs = all.map(({ key }) =>
    follow(engine.generateWith(key, { kind: 'completion', text: key }, sampling, signal)),
  )
  await Promise.resolve()
  return runs
}

function idOf(worker: FakeWorker): number {
  return worker.posted.findLast((message) => message.kind === 'generate')?.id ?? -1
}

function say(worker: FakeWorker, text: string): void {
  worker.emit({ kind: 'delta', id: idOf(worker), text })
}

function finish(worker: FakeWorker, how: 'length' | 'stopped' = 'length'): void {
  worker.emit({ kind: 'done', id: idOf(worker), cachedTokens: 0, stats, finish: how, memoryBytes: 44 })
}

const textOf = ({ events }: Run) => events.map((event) => (event.kind === 'delta' ? event.text : '')).join('')
const posted = (worker: FakeWorker) => worker.posted.map(({ kind }) => kind)

test('each of several that write at once gets its own text, and the one in use stays in use', async () => {
  const fakes = await three()
  const runs = await writing(fakes)
  const { first, second, third } = fakes
  for (const text of [' one', ' two']) for (const worker of fakes.workers) say(worker, `${text}${idOf(worker)}`)
  const ids = fakes.workers.map(idOf)
  for (const worker of [second, third, first]) finish(worker)
  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([null, null, null])
  expect(runs.map(textOf)).toEqual(ids.map((id) => ` one${id} two${id}`))
  void fakes.engine.generate({ kind: 'completion', text: 'x' }, sampling, never).next()
  expect(posted(third)).toEqual(['load', 'generate', 'generate'])
  expect(fakes.engine.warm().map(({ key }) => key[0])).toEqual(['c', 'b', 'a'])
})

test('no speed is measured of a run beside which another one wrote, also when that ended before', async () => {
  const fakes = await three()
  fakes.measurements.splice(0)
  const runs = await writing(fakes)
  for (const worker of fakes.workers) finish(worker)
  await Promise.all(runs.map(({ ended }) => ended))
  expect(
    fakes.measurements.map(({ memoryBytes, decodeTokensPerSecond }) => [memoryBytes, decodeTokensPerSecond]),
  ).toEqual([
    [44, null],
    [44, null],
    [44, null],
  ])
  const alone = follow(fakes.engine.generateWith(a.key, { kind: 'completion', text: 'x' }, sampling, never))
  await Promise.resolve()
  finish(fakes.first)
  await alone.ended
  expect(fakes.measurements.at(-1)).toMatchObject({ key: a.key, decodeTokensPerSecond: 30 })
})

test('stopping asks every one of them, and each ends with its figures', async () => {
  const fakes = await three()
  const stop = new AbortController()
  const runs = await writing(fakes, stop.signal)
  stop.abort()
  for (const worker of fakes.workers) {
    expect(posted(worker)).toEqual(['load', 'generate', 'stop'])
    finish(worker, 'stopped')
  }
  await Promise.all(runs.map(({ ended }) => ended))
  expect(runs.map(({ events }) => events.at(-1))).toMatchObject([
    { finish: 'stopped' },
    { finish: 'stopped' },
    { finish: 'stopped' },
  ])
})

test('a worker that ends by itself ends its own run only', async () => {
  const fakes = await three()
  const { first, second, third } = fakes
  const runs = await writing(fakes)
  second.crash('out of memory')
  say(first, ' goes on')
  for (const worker of [first, third]) finish(worker)
  expect(await Promise.all(runs.map(({ ended }) => ended))).toMatchObject([
    null,
    { problem: { code: 'device-lost', detail: 'out of memory' } },
    null,
  ])
  expect(runs.map(textOf)).toEqual([' goes on', '', ''])
  const late = follow(fakes.engine.generateWith(b.key, { kind: 'completion', text: 'x' }, sampling, never))
  expect(await late.ended).toMatchObject({ problem: { code: 'write-failed', detail: 'the model is not loaded' } })
})

test('a request that fails leaves the others writing', async () => {
  const fakes = await three()
  const { first, second, third } = fakes
  const runs = await writing(fakes)
  second.emit({ kind: 'failed', id: idOf(second), problem: { code: 'not-a-number', detail: 'logits' } })
  for (const worker of [first, third]) finish(worker)
  expect(await Promise.all(runs.map(({ ended }) => ended))).toMatchObject([
    null,
    { problem: { code: 'not-a-number' } },
    null,
  ])
})

test('a lost device ends every run with a problem', async () => {
  const fakes = await three()
  const runs = await writing(fakes)
  fakes.first.emit({ kind: 'lost', detail: 'GPU process crashed' })
  const lost = { problem: { code: 'device-lost', detail: 'GPU process crashed' } }
  expect(await Promise.all(runs.map(({ ended }) => ended))).toMatchObject([lost, lost, lost])
  expect(fakes.workers.map(({ terminated }) => terminated)).toEqual([true, true, true])
})

test('the choice of another model ends every run, and all stay loaded', async () => {
  const fakes = await three()
  const runs = await writing(fakes)
  await fakes.engine.load(a, stillWatcher(), never)
  for (const { ended } of runs) expect(await ended).toMatchObject({ problem: { code: 'device-lost' } })
  expect(fakes.workers.map(posted)).toEqual([
    ['load', 'generate', 'stop'],
    ['load', 'generate', 'stop'],
    ['load', 'generate', 'stop'],
  ])
  expect(fakes.engine.warm().map(({ key }) => key[0])).toEqual(['a', 'c', 'b'])
})

test('what is released ends its run alone', async () => {
  const fakes = await three()
  const { first, third } = fakes
  const runs = await writing(fakes)
  fakes.engine.release(b.key)
  for (const worker of [first, third]) finish(worker)
  expect(await Promise.all(runs.map(({ ended }) => ended))).toMatchObject([null, { problem: {} }, null])
})

test('the memory of models together is measured where they are loaded just so, else computed', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a, 45)
  expect(fakes.engine.memoryTogether([a, b])).toEqual({ needBytes: 95, haveBytes: 100, loaded: [a.key] })
  const otherwise = { ...a, manifest: { ...a.manifest, prompt: installed('chat').manifest.prompt } }
  expect(fakes.engine.memoryTogether([otherwise, b])).toEqual({ needBytes: 90, haveBytes: 100, loaded: [] })
  expect(fakes.engine.memoryTogether([])).toEqual({ needBytes: 0, haveBytes: 100, loaded: [] })
})

test('models that fit together are together once those in memory and then the others were loaded; those that do not fit, never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 20, max: 250 }),
      fc.array(fc.nat(4), { maxLength: 8 }),
      fc.uniqueArray(fc.nat(4), { minLength: 2, maxLength: 3 }),
      async (sizes, budgetBytes, before, chosenIndexes) => {
        const fakes = engineOnFakes(budgetBytes)
        const models = sizes.map((sizeBytes, index) => sizedModel('abcde'[index] ?? 'a', sizeBytes))
        const pick = (indexes: readonly number[]): readonly InstalledModel[] =>
          indexes.flatMap((index) => models.slice(index, index + 1))
        const tried = (model: InstalledModel) => loadOnFakes(fakes, model).catch(() => null)
        for (const model of pick(before)) await tried(model)
        const chosen = pick(chosenIndexes)
        const warmKeys = () => new Set(fakes.engine.warm().map(({ key }) => key))
        const { needBytes, haveBytes, loaded } = fakes.engine.memoryTogether(chosen)
        const isLoaded = ({ key }: InstalledModel) => loaded.includes(key)
        for (const model of chosen.toSorted((one, other) => Number(isLoaded(other)) - Number(isLoaded(one)))) {
          const worker = await tried(model)
          if (needBytes <= haveBytes) expect(worker === null).toBe(isLoaded(model))
        }
        expect(chosen.every(({ key }) => warmKeys().has(key))).toBe(needBytes <= haveBytes)
      },
    ),
    { seed: 20_261_129, numRuns: 300 },
  )
})
