// The whole path of the app, page and worker, in Chromium: whatever moment the device or the worker ends at, the page gets a typed error soon, and the model
// loads again and writes what it wrote before.
import { afterAll, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../renderer/inference/engine.ts'
import { InferenceError } from '../../renderer/inference/inferenceError.ts'
import type { Problem, Prompt } from '../../renderer/inference/protocol.ts'
import type { WorkerPort } from '../../renderer/inference/session.ts'
import { type InstalledModel, modelManifest } from '../../shared/model.ts'
import type { Break, Broken } from '../support/breakingDevice.ts'
import { readRepositoryFile } from '../support/repositoryFile.ts'

const never = new AbortController().signal
const prompt: Prompt = { kind: 'completion', text: 'Once upon a time' }
const sampling = { temperature: 1, topP: 0.95, maxTokens: 12, seed: 9 }
const stored = await readRepositoryFile('resources/models/tinystories-15m/base/hearth.json')
const model: InstalledModel = {
  key: 'base',
  bundled: true,
  manifest: modelManifest.parse(JSON.parse(new TextDecoder().decode(stored))),
}

interface Breakable {
  readonly engine: Engine
  /** `brokenAtMs` is the time on this page when it was told that it broke. */
  readonly state: { brokenAtMs: number; lost: readonly Problem[] }
  /** The worker that is there breaks as said, else the next that starts. */
  breaks(breaks: Break): void
  load(): Promise<void>
  write(): Promise<string>
}

/** The newest engine. Most of the time goes into loading: what breaks while it writes goes on with the model that is there. */
let newest: Breakable | null = null
afterAll(() => newest?.engine.dispose())

/** An engine without a model, in the place of the newest. */
function newEngine(): Breakable {
  newest?.engine.dispose()
  const state = { brokenAtMs: Number.NaN, lost: [] as readonly Problem[] }
  let worker: Worker | null = null
  let next: Break | null = null
  const startWorker = (): WorkerPort => {
    const started = new Worker(new URL('../support/pageWorker.ts', import.meta.url), { type: 'module' })
    started.addEventListener('message', ({ data }: MessageEvent<Broken | { readonly kind: string }>) => {
      if (data.kind === 'broken') state.brokenAtMs = performance.now()
    })
    if (next !== null) started.postMessage(next)
    next = null
    worker = started
    return started
  }
  const engine: Engine = createEngine({
    startWorker,
    budgetBytes: () => Number.POSITIVE_INFINITY,
    measured: () => {},
    nowMs: () => 0,
  })
  const made: Breakable = {
    engine,
    state,
    breaks(breaks) {
      Object.assign(state, { brokenAtMs: Number.NaN, lost: [] })
      if (engine.warm().length > 0) worker?.postMessage(breaks)
      else next = breaks
    },
    load() {
      const lost = (problem: Problem) => {
        state.lost = [...state.lost, problem]
      }
      return engine.load(model, { adapter: () => {}, progress: () => {}, lost }, never)
    },
    async write() {
      let text = ''
      for await (const event of engine.generate(prompt, sampling, never)) if (event.kind === 'delta') text += event.text
      return text
    },
  }
  newest = made
  return made
}

/** The newest engine with its model loaded. */
async function loadedEngine(): Promise<Breakable> {
  const loaded = newest ?? newEngine()
  await loaded.load()
  return loaded
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (thrown instanceof InferenceError) return thrown.problem
  throw thrown ?? new Error('it did not fail')
}

/** What an engine writes that nothing happened to, once. */
let expected: Promise<string> | null = null
function unbroken(): Promise<string> {
  expected ??= (async () => {
    const whole = newEngine()
    await whole.load()
    return await whole.write()
  })()
  return expected
}

const destroyed = (at: string, after = 0): Break => ({ kind: 'break', how: 'destroy', at, after })

test.for(['reading', 'uploading', 'programs'])(
  'a device destroyed while loading (%s) is told within two seconds, and the model loads again',
  async (step) => {
    const text = await unbroken()
    const { state, load, write, breaks } = newEngine()
    breaks(destroyed(step))
    expect(await problemOf(load())).toMatchObject({ code: 'device-lost' })
    // Part of what the app promises.
    expect(performance.now() - state.brokenAtMs).toBeLessThan(2000)
    await load()
    expect(await write()).toBe(text)
  },
)

test.for([
  ['prompt', 0],
  ['delta', 4],
] as const)(
  'a device destroyed while writing (%s) is told within two seconds, and the same seed gives the same text',
  async ([at, after]) => {
    const text = await unbroken()
    const { state, load, write, breaks } = await loadedEngine()
    breaks(destroyed(at, after))
    expect(await problemOf(write())).toMatchObject({ code: 'device-lost' })
    expect(performance.now() - state.brokenAtMs).toBeLessThan(2000)
    expect(state.lost).toMatchObject([{ code: 'device-lost' }])
    await load()
    expect(await write()).toBe(text)
  },
)

test.for([
  ['a write that fails right before its device is lost', 'fail-first'],
  ['an error that nobody catches in the worker', 'throw'],
] as const)('%s ends the run with the loss, and the model loads again', async ([, how]) => {
  const text = await unbroken()
  const { state, load, write, breaks } = await loadedEngine()
  breaks({ ...destroyed('delta', 3), how })
  expect(await problemOf(write())).toMatchObject({ code: 'device-lost' })
  expect(performance.now() - state.brokenAtMs).toBeLessThan(2000)
  await load()
  expect(await write()).toBe(text)
})

test('a prompt is inspected while the model writes', async () => {
  const { engine: whole } = await loadedEngine()
  let inspected = 0
  let after = 0
  for await (const event of whole.generate(prompt, sampling, never)) {
    if (event.kind !== 'delta') continue
    if (inspected === 0) inspected = (await whole.inspect(prompt, 8, never)).tokens.length
    else after += 1
  }
  expect(inspected).toBe(5)
  expect(after).toBeGreaterThan(0)
})
