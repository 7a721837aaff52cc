import { expect, test } from 'vitest'
import type { LoadWatcher } from '../../../renderer/inference/engine.ts'
import type { GenerationEvent } from '../../../renderer/inference/generate.ts'
import { InferenceError } from '../../../renderer/inference/inferenceError.ts'
import type { AdapterReport, InspectedPrompt, Problem, Sampling } from '../../../renderer/inference/protocol.ts'
import { trustOwnScript } from '../../../renderer/inference/startWorker.ts'
import { engineOnFakes } from '../../support/fakeWorker.ts'
import { installed } from '../../support/models.ts'

const sampling: Sampling = { temperature: 0, topP: 1, maxTokens: 8, seed: 1 }
const adapter: AdapterReport = {
  name: 'google swiftshader',
  software: true,
  halfPrecision: false,
  library: 'software',
}
const stats = { promptTokens: 5, completionTokens: 2, timeToFirstTokenMs: 20, decodeTokensPerSecond: 30 }
const memoryBytes = 14_000_000
const never = new AbortController().signal

function watcher(seen: unknown[] = []): LoadWatcher {
  return {
    adapter: (found) => seen.push(found),
    progress: (progress) => seen.push(progress),
    lost: (problem) => seen.push(problem),
  }
}

async function loaded(seen: unknown[] = []) {
  const fakes = engineOnFakes()
  const loading = fakes.engine.load(installed('base'), watcher(seen), never)
  fakes.current().emit({ kind: 'ready', memoryBytes })
  await loading
  return fakes
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InferenceError) return error.problem
    throw error
  }
  throw new Error('it did not fail')
}

async function all(stream: AsyncIterable<GenerationEvent>): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

test('loading reports the adapter and the progress, and ends when the model is ready', async () => {
  const seen: unknown[] = []
  const { engine, current } = engineOnFakes()
  const loading = engine.load(installed('base'), watcher(seen), never)
  current().emit({ kind: 'adapter', adapter })
  const progress = { step: 'reading', fraction: 0.5, doneBytes: 5, totalBytes: 10, elapsedMs: 3 } as const
  current().emit({ kind: 'progress', progress })
  current().emit({ kind: 'ready', memoryBytes })
  await loading
  expect(current().posted).toEqual([{ kind: 'load', model: installed('base') }])
  expect(seen).toEqual([adapter, progress])
})

test('a failed load ends the worker, and the next load starts another', async () => {
  const { engine, workers, current } = engineOnFakes()
  const failing = problemOf(engine.load(installed('base'), watcher(), never))
  current().emit({ kind: 'load-failed', problem: { code: 'no-adapter', detail: 'null' } })
  expect(await failing).toEqual({ code: 'no-adapter', detail: 'null' })
  expect(current().terminated).toBe(true)
  const again = engine.load(installed('base'), watcher(), never)
  current().emit({ kind: 'ready', memoryBytes })
  await again
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false])
})

test('a worker that dies while loading is a failed load', async () => {
  const { engine, current } = engineOnFakes()
  const failing = problemOf(engine.load(installed('base'), watcher(), never))
  current().crash('out of memory')
  expect(await failing).toEqual({ code: 'load-failed', detail: 'out of memory' })
})

test('loading that is given up ends its worker', async () => {
  const { engine, current } = engineOnFakes()
  const giveUp = new AbortController()
  const loading = engine.load(installed('base'), watcher(), giveUp.signal)
  giveUp.abort(new Error('changed my mind'))
  await expect(loading).rejects.toThrow('changed my mind')
  expect(current().terminated).toBe(true)
})

test('text arrives in the order in which the worker wrote it, other requests left out', async () => {
  const { engine, current } = await loaded()
  const writing = all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, never))
  await Promise.resolve()
  const id = current().posted.findLast((message) => message.kind === 'generate')?.id ?? -1
  const omitted = { characters: 0, turns: 0 }
  const exact = { kind: 'completion', text: 'Once' } as const
  current().emit({ kind: 'prompt', id, promptTokens: 5, omitted, exact })
  current().emit({ kind: 'delta', id: id + 7, text: 'not mine' })
  current().emit({ kind: 'delta', id, text: ' upon' })
  current().emit({ kind: 'delta', id, text: ' a time' })
  current().emit({ kind: 'done', id, stats, finish: 'length', cachedTokens: 3, memoryBytes })
  expect(await writing).toEqual([
    { kind: 'prompt', promptTokens: 5, omitted, exact },
    { kind: 'delta', text: ' upon' },
    { kind: 'delta', text: ' a time' },
    { kind: 'done', stats, finish: 'length', cachedTokens: 3 },
  ])
})

test('a prompt is inspected while the model writes, and each gets its own answer', async () => {
  const { engine, current } = await loaded()
  const writing = all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, never))
  await Promise.resolve()
  const inspecting = engine.inspect({ kind: 'completion', text: 'Twice' }, 8, never)
  await Promise.resolve()
  const [, generate, inspect] = current().posted
  if (generate?.kind !== 'generate' || inspect?.kind !== 'inspect') throw new Error('both were asked')
  expect(inspect).toMatchObject({ prompt: { kind: 'completion', text: 'Twice' }, maxTokens: 8 })
  const inspected: InspectedPrompt = {
    tokens: [{ id: 1, text: '<s>', isSpecial: true }],
    parts: { system: 0, history: 0, last: 1 },
    omitted: { characters: 0, turns: 0 },
    limitTokens: 248,
    contextTokens: 256,
  }
  current().emit({ kind: 'inspected', id: inspect.id, inspected })
  expect(await inspecting).toEqual(inspected)
  current().emit({ kind: 'done', id: generate.id, stats, finish: 'length', cachedTokens: 3, memoryBytes })
  expect(await writing).toEqual([{ kind: 'done', stats, finish: 'length', cachedTokens: 3 }])
})

test('an inspection ends with its signal, its problem, or the model', async () => {
  const { engine, current } = await loaded()
  const ask = (signal = never) => engine.inspect({ kind: 'completion', text: 'Once' }, 8, signal)
  const leave = new AbortController()
  const left = ask(leave.signal)
  leave.abort(new Error('another text was typed'))
  await expect(left).rejects.toThrow('another text was typed')
  const failing = problemOf(ask())
  await Promise.resolve()
  const id = current().posted.findLast((message) => message.kind === 'inspect')?.id ?? -1
  const problem = { code: 'context-full', promptTokens: 300, limitTokens: 128 } as const
  current().emit({ kind: 'failed', id, problem })
  expect(await failing).toEqual(problem)
  const lost = problemOf(ask())
  await Promise.resolve()
  current().emit({ kind: 'lost', detail: 'GPU process crashed' })
  expect(await lost).toEqual({ code: 'device-lost', detail: 'GPU process crashed' })
  expect(await problemOf(ask())).toMatchObject({ code: 'write-failed' })
})

test('stopping asks the worker once and the stream still ends with its figures', async () => {
  const { engine, current } = await loaded()
  const stop = new AbortController()
  const writing = all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, stop.signal))
  await Promise.resolve()
  const id = current().posted.findLast((message) => message.kind === 'generate')?.id ?? -1
  current().emit({ kind: 'delta', id, text: ' upon' })
  stop.abort()
  stop.abort()
  current().emit({ kind: 'done', id, stats, finish: 'stopped', cachedTokens: 0, memoryBytes })
  expect((await writing).at(-1)).toEqual({ kind: 'done', stats, finish: 'stopped', cachedTokens: 0 })
  expect(current().posted.filter((message) => message.kind === 'stop')).toEqual([{ kind: 'stop', id }])
})

test('leaving the loop early stops the worker', async () => {
  const { engine, current } = await loaded()
  const stream = engine.generate({ kind: 'completion', text: 'Once' }, sampling, never)
  const first = stream.next()
  await Promise.resolve()
  const id = current().posted.findLast((message) => message.kind === 'generate')?.id ?? -1
  current().emit({ kind: 'delta', id, text: ' upon' })
  await first
  await stream.return()
  expect(current().posted.at(-1)).toEqual({ kind: 'stop', id })
})

test('a request that fails throws its problem and leaves the model loaded', async () => {
  const { engine, current } = await loaded()
  const failing = problemOf(all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, never)))
  await Promise.resolve()
  const id = current().posted.findLast((message) => message.kind === 'generate')?.id ?? -1
  current().emit({ kind: 'failed', id, problem: { code: 'too-long', promptTokens: 300, limitTokens: 128 } })
  expect(await failing).toEqual({ code: 'too-long', promptTokens: 300, limitTokens: 128 })
  expect(current().terminated).toBe(false)
})

test('a lost device ends the request and the worker, and is announced', async () => {
  const seen: unknown[] = []
  const { engine, current } = await loaded(seen)
  const failing = problemOf(all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, never)))
  await Promise.resolve()
  current().emit({ kind: 'lost', detail: 'GPU process crashed' })
  expect(await failing).toEqual({ code: 'device-lost', detail: 'GPU process crashed' })
  expect(seen).toEqual([{ code: 'device-lost', detail: 'GPU process crashed' }])
  expect(current().terminated).toBe(true)
  expect(await problemOf(all(engine.generate({ kind: 'completion', text: 'Once' }, sampling, never)))).toMatchObject({
    code: 'write-failed',
  })
})

test('only scripts of the app itself may become workers', () => {
  const page = 'app://bundle/index.html'
  expect(trustOwnScript('app://bundle/assets/worker-abc.js', page)).toBe('app://bundle/assets/worker-abc.js')
  for (const foreign of [
    'https://evil.example/a.js',
    'app://other/a.js',
    'blob:app://bundle/1',
    'data:text/javascript,1',
  ]) {
    expect(() => trustOwnScript(foreign, page)).toThrow('not a script of this app')
  }
})
