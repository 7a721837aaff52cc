// Several models in memory: what stays, what leaves, and what happens to the others when one fails.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LoadWatcher } from '../../../renderer/inference/engine.ts'
import type { Problem } from '../../../renderer/inference/protocol.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import {
  engineOnFakes,
  type FakeWorker,
  fakeAdapter,
  loadOnFakes,
  sizedModel,
  stillWatcher,
} from '../../support/fakeWorker.ts'
import { installed } from '../../support/models.ts'

const never = new AbortController().signal
const sampling = { temperature: 0, topP: 1, maxTokens: 8, seed: 1 }

function watcher(lost: Problem[] = []): LoadWatcher {
  return { ...stillWatcher(), lost: (problem) => lost.push(problem) }
}

const sizeOf = ({ manifest }: InstalledModel) => manifest.memory.weightsBytes
const a = sizedModel('a', 40)
const b = sizedModel('b', 50)
const c = sizedModel('c', 30)

const warmKeys = ({ engine }: ReturnType<typeof engineOnFakes>) => engine.warm().map(({ key }) => key[0])
const running = (workers: readonly FakeWorker[]) => workers.map(({ terminated }) => !terminated)

test('a model that fits beside the one before leaves it warm, and going back loads nothing', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, b)
  expect(warmKeys(fakes)).toEqual(['b', 'a'])
  expect(await loadOnFakes(fakes, a)).toBeNull()
  expect(warmKeys(fakes)).toEqual(['a', 'b'])
  expect(running(fakes.workers)).toEqual([true, true])
})

test('going back to a warm model tells the adapter again and writes with its own worker', async () => {
  const fakes = engineOnFakes(100)
  const first = await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, b)
  const seen: unknown[] = []
  await fakes.engine.load(a, { ...watcher(), adapter: (found) => seen.push(found) }, never)
  expect(seen).toEqual([fakeAdapter])
  void fakes.engine.generate({ kind: 'completion', text: 'x' }, sampling, never).next()
  expect(first?.posted.map(({ kind }) => kind)).toEqual(['load', 'generate'])
})

test('a model that does not fit beside the one before has its memory freed before it loads', async () => {
  const fakes = engineOnFakes(80)
  await loadOnFakes(fakes, a)
  const loading = fakes.engine.load(b, watcher(), never)
  expect(running(fakes.workers)).toEqual([false, true])
  fakes.current().emit({ kind: 'ready', memoryBytes: 50 })
  await loading
  expect(warmKeys(fakes)).toEqual(['b'])
})

test('of several, the one used longest ago leaves', async () => {
  const fakes = engineOnFakes(120)
  await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, b)
  await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, sizedModel('d', 60))
  expect(warmKeys(fakes)).toEqual(['d', 'a'])
})

test('a model that turns out larger than its manifest says pushes others out once it is measured', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, b, 70)
  expect(fakes.engine.warm()).toEqual([{ key: b.key, memoryBytes: 70 }])
})

test('a model larger than the budget is refused with both numbers, and nothing is freed for it', async () => {
  const fakes = engineOnFakes(80)
  await loadOnFakes(fakes, a)
  await expect(fakes.engine.load(sizedModel('e', 81), watcher(), never)).rejects.toMatchObject({
    problem: { code: 'does-not-fit', what: 'memory', needBytes: 81, haveBytes: 80 },
  })
  expect(warmKeys(fakes)).toEqual(['a'])
  expect(await loadOnFakes(fakes, a)).toBeNull()
})

test('when a load fails, the model that was kept warm is still there', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a)
  const loading = fakes.engine.load(b, watcher(), never)
  const problem = { code: 'damaged-file', key: b.key, file: 'params_shard_0.bin', block: 3 } as const
  fakes.current().emit({ kind: 'load-failed', problem })
  await expect(loading).rejects.toMatchObject({ problem })
  expect(running(fakes.workers)).toEqual([true, false])
  expect(await loadOnFakes(fakes, a)).toBeNull()
})

test('a load that is given up ends its own worker only', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a)
  const giveUp = new AbortController()
  const loading = fakes.engine.load(b, watcher(), giveUp.signal)
  giveUp.abort(new Error('changed my mind'))
  await expect(loading).rejects.toThrow('changed my mind')
  expect(running(fakes.workers)).toEqual([true, false])
  expect(await loadOnFakes(fakes, a)).toBeNull()
})

test('a run is stopped by the choice of another model, and its model stays warm', async () => {
  const fakes = engineOnFakes(100)
  const first = await loadOnFakes(fakes, a)
  const run = fakes.engine.generate({ kind: 'completion', text: 'x' }, sampling, never).next()
  await Promise.resolve()
  const loading = loadOnFakes(fakes, b)
  await expect(run).rejects.toMatchObject({ problem: { code: 'device-lost' } })
  await loading
  expect(first?.posted.map(({ kind }) => kind)).toEqual(['load', 'generate', 'stop'])
  expect(warmKeys(fakes)).toEqual(['b', 'a'])
})

test('a lost device takes every model with it and is told once, to the one in use', async () => {
  const fakes = engineOnFakes(200)
  const lost: Problem[] = []
  const first = await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, c)
  const loading = fakes.engine.load(b, watcher(lost), never)
  fakes.current().emit({ kind: 'ready', memoryBytes: 50 })
  await loading
  first?.emit({ kind: 'lost', detail: 'the GPU process crashed' })
  expect(running(fakes.workers)).toEqual([false, false, false])
  expect(lost).toEqual([{ code: 'device-lost', detail: 'the GPU process crashed' }])
  expect(warmKeys(fakes)).toEqual([])
})

test('a device that is lost while another model loads fails that load', async () => {
  const fakes = engineOnFakes(200)
  const first = await loadOnFakes(fakes, a)
  const loading = fakes.engine.load(b, watcher(), never)
  first?.emit({ kind: 'lost', detail: 'the GPU process crashed' })
  await expect(loading).rejects.toMatchObject({ problem: { code: 'device-lost', detail: 'the GPU process crashed' } })
  expect(running(fakes.workers)).toEqual([false, false])
})

test('a warm worker that dies alone leaves alone and unheard', async () => {
  const fakes = engineOnFakes(200)
  const lost: Problem[] = []
  const first = await loadOnFakes(fakes, a)
  const loading = fakes.engine.load(b, watcher(lost), never)
  fakes.current().emit({ kind: 'ready', memoryBytes: 50 })
  await loading
  first?.crash('out of memory')
  expect([warmKeys(fakes), lost]).toEqual([['b'], []])
})

test('a model can be released, and closing the engine ends all workers', async () => {
  const fakes = engineOnFakes(200)
  await loadOnFakes(fakes, a)
  await loadOnFakes(fakes, b)
  await loadOnFakes(fakes, c)
  fakes.engine.release(a.key)
  fakes.engine.release('f'.repeat(64))
  expect(warmKeys(fakes)).toEqual(['c', 'b'])
  fakes.engine.dispose()
  expect(running(fakes.workers)).toEqual([false, false, false])
  expect(warmKeys(fakes)).toEqual([])
})

test('each load and each run is measured', async () => {
  const fakes = engineOnFakes()
  const worker = await loadOnFakes(fakes, a)
  const run = fakes.engine.generate({ kind: 'completion', text: 'x' }, sampling, never)
  const first = run.next()
  await Promise.resolve()
  const id = worker?.posted.findLast((message) => message.kind === 'generate')?.id ?? -1
  const stats = { promptTokens: 1, completionTokens: 2, timeToFirstTokenMs: 3, decodeTokensPerSecond: 30 }
  worker?.emit({ kind: 'done', id, stats, finish: 'length', cachedTokens: 0, memoryBytes: 44 })
  await first
  const common = {
    key: a.key,
    adapterName: 'test adapter',
    contextTokens: 256,
    loadMs: expect.any(Number),
    measuredAtMs: 1_000_000,
  }
  expect(fakes.measurements).toEqual([
    { ...common, memoryBytes: 40, decodeTokensPerSecond: null },
    { ...common, memoryBytes: 44, decodeTokensPerSecond: 30 },
  ])
})

type Step =
  | { readonly kind: 'load' | 'fail' | 'abort'; readonly model: number; readonly surplusBytes: number }
  | { readonly kind: 'lose' | 'crash' | 'release'; readonly model: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('load' as const), model: fc.nat(5), surplusBytes: fc.nat(30) }),
  },
  fc.record({
    kind: fc.constantFrom('fail' as const, 'abort' as const),
    model: fc.nat(5),
    surplusBytes: fc.constant(0),
  }),
  fc.record({ kind: fc.constantFrom('lose' as const, 'crash' as const, 'release' as const), model: fc.nat(5) }),
)

test('whatever is loaded, fails, is given up or lost: the budget holds, no worker is left over, and a warm model needs no load', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 20, max: 250 }),
      fc.array(step, { maxLength: 40 }),
      async (sizes, budgetBytes, steps) => {
        const fakes = engineOnFakes(budgetBytes)
        const models = sizes.map((sizeBytes, index) => sizedModel('abcdef'[index] ?? 'a', sizeBytes))
        const workerOf = new Map<string, FakeWorker>()
        for (const { kind, model: index, ...more } of steps) {
          const model = models[index] ?? a
          const wasWarm = fakes.engine.warm().some(({ key }) => key === model.key)
          const before = fakes.workers.length
          if (kind === 'load' || kind === 'fail' || kind === 'abort') {
            const giveUp = new AbortController()
            const loading = fakes.engine.load(model, watcher(), giveUp.signal)
            const outcome = loading.then(
              () => 'ready',
              () => 'failed',
            )
            const started = fakes.workers.length > before
            if (started && kind === 'load') {
              workerOf.set(model.key, fakes.current())
              const surplusBytes = 'surplusBytes' in more ? more.surplusBytes : 0
              fakes.current().emit({ kind: 'ready', memoryBytes: sizeOf(model) + surplusBytes })
            } else if (started && kind === 'fail') {
              fakes.current().emit({ kind: 'load-failed', problem: { code: 'load-failed', detail: 'test' } })
            } else if (started) giveUp.abort(new Error('given up'))
            const fits = sizeOf(model) <= budgetBytes
            expect(await outcome).toBe(wasWarm || (kind === 'load' && fits) ? 'ready' : 'failed')
            expect(started).toBe(!wasWarm && fits)
          } else if (wasWarm && kind === 'lose') workerOf.get(model.key)?.emit({ kind: 'lost', detail: 'test' })
          else if (wasWarm && kind === 'crash') workerOf.get(model.key)?.crash('test')
          else if (kind === 'release') fakes.engine.release(model.key)
          const warm = fakes.engine.warm()
          const alive = fakes.workers.filter(({ terminated }) => !terminated)
          expect(alive.length).toBe(warm.length)
          expect(new Set(warm.map(({ key }) => workerOf.get(key)))).toEqual(new Set(alive))
          // One model alone may turn out larger than was expected.
          const heldBytes = warm.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
          expect(heldBytes <= budgetBytes || warm.length === 1).toBe(true)
        }
      },
    ),
    { seed: 20_261_128, numRuns: 300 },
  )
})

test('a warm model that is chosen with another context or another prompt is loaded anew', async () => {
  const fakes = engineOnFakes(100)
  await loadOnFakes(fakes, a)
  const longer = { ...a, manifest: { ...a.manifest, contextTokens: a.manifest.contextTokens * 2 } }
  expect(await loadOnFakes(fakes, longer)).not.toBeNull()
  const turns = { ...longer, manifest: { ...longer.manifest, prompt: installed('chat').manifest.prompt } }
  expect(await loadOnFakes(fakes, turns)).not.toBeNull()
  expect(await loadOnFakes(fakes, turns)).toBeNull()
  expect(warmKeys(fakes)).toEqual(['a'])
  expect(running(fakes.workers)).toEqual([false, false, true])
})
