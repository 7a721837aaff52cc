// The same text to several models that write at once: when they may, side by side, stopped, failed, lost, overtaken; and when memory turns out to be short.
import { expect, test, vi } from 'vitest'
import { InferenceError } from '../../../renderer/inference/inferenceError.ts'
import type { Problem } from '../../../renderer/inference/protocol.ts'
import { keepCompareWay, readCompareWay } from '../../../renderer/keptCompareWay.ts'
import type { ChatDeskOptions } from '../../support/chatDesk.ts'
import { compareDesk } from '../../support/compareDesk.ts'
import { installed } from '../../support/models.ts'
import { pageStorage, refusingStorage } from '../../support/pageStorage.ts'

const [base, instruct, chat] = [installed('base'), installed('instruct'), installed('chat')]
const outOfMemory: Problem = { code: 'out-of-memory', needBytes: 4_000_000, detail: 'test' }

async function atOnce(options: ChatDeskOptions = {}) {
  const desk = await compareDesk('atOnce', options)
  desk.compare.ask('Tell a story.', '')
  return desk
}

/** All are loaded and read. */
async function reading(options: ChatDeskOptions = {}) {
  const desk = await atOnce({ byHand: true, ...options })
  const running = desk.compare.start()
  await vi.waitFor(() => expect(desk.kinds()).toEqual(['reading', 'reading', 'reading']))
  return { ...desk, running }
}

type Desk = Awaited<ReturnType<typeof atOnce>>

/** Loads of this model end with what the function gives; undefined: they load. */
function failLoads({ engine }: Desk, problemOf: (key: string) => Problem | undefined): void {
  const { load } = engine
  engine.load = async (model, watcher, signal) => {
    const problem = problemOf(model.key)
    if (problem === undefined) return load(model, watcher, signal)
    engine.loads.push(model)
    throw new InferenceError(problem)
  }
}

test('all are loaded before any writes, and each writes what it writes alone', async () => {
  const desk = await atOnce()
  const seen: string[][] = []
  desk.compare.store.subscribe(() => seen.push(desk.kinds()))
  await desk.compare.start()
  expect(desk.columns().map(({ text }) => text)).toEqual([' A cat sat.', ' A dog sat.', ' Hello there.'])
  expect(desk.kinds()).toEqual(['done', 'done', 'done'])
  expect(desk.columns().map(({ others }) => others)).toEqual([2, 2, 2])
  const begun = seen.findIndex((kinds) => kinds.includes('reading'))
  expect(seen.slice(0, begun).at(-1)).toEqual(['loaded', 'loaded', 'loaded'])
  const inTurn = await compareDesk('inTurn')
  inTurn.compare.ask('Tell a story.', '')
  await inTurn.compare.start()
  const written = ({ columns, engine }: Desk) => [columns().map(({ text, record }) => [text, record]), engine.requests]
  expect(written(desk)).toEqual(written(inTurn))
})

test('columns go on side by side', async () => {
  const { engine, columns, kinds, running } = await reading()
  engine.step(chat.key)
  engine.step(base.key)
  await vi.waitFor(() => expect(kinds()).toEqual(['writing', 'reading', 'writing']))
  engine.step(instruct.key)
  engine.step(chat.key)
  await vi.waitFor(() => expect(kinds()).toEqual(['writing', 'writing', 'done']))
  expect(columns().map(({ text }) => text)).toEqual([' A', ' A', ' Hello there.'])
  for (const key of [base.key, base.key, instruct.key, instruct.key]) engine.step(key)
  await running
  expect(kinds()).toEqual(['done', 'done', 'done'])
})

test('the model that was in use is in use again, and the models in memory are asked for first', async () => {
  const { compare, app, variantsLoaded } = await atOnce()
  await app.select(chat)
  await compare.start()
  expect(variantsLoaded()).toEqual(['base', 'chat', 'base', 'chat', 'instruct', 'chat'])
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: chat.key } })
  expect(compare.store.getState()).toMatchObject({ run: { kind: 'idle' }, setback: null })
})

test('they write at once only where memory holds them together and the person does not want otherwise', async () => {
  const { compare, engine, variantsLoaded, columns } = await atOnce()
  expect(compare.way()).toBe('atOnce')
  compare.chooseWay('inTurn')
  expect(compare.way()).toBe('inTurn')
  compare.chooseWay('atOnce')
  engine.memory = { needBytes: 9, haveBytes: 8 }
  expect([compare.way(), compare.memory()]).toMatchObject(['inTurn', { needBytes: 9, haveBytes: 8 }])
  await compare.start()
  expect(variantsLoaded()).toEqual(['base', 'base', 'instruct', 'chat', 'base'])
  expect(columns().map(({ text, others }) => [text, others])).toEqual([
    [' A cat sat.', 0],
    [' A dog sat.', 0],
    [' Hello there.', 0],
  ])
})

test('while it runs the way is not changed', async () => {
  const { compare, running } = await reading()
  compare.chooseWay('inTurn')
  expect(compare.way()).toBe('atOnce')
  compare.stop()
  await running
})

test('stop ends all that write, which keep what they wrote', async () => {
  const { compare, engine, columns, running, app } = await reading()
  engine.step(base.key)
  await vi.waitFor(() => expect(columns()[0]?.text).toBe(' A'))
  compare.stop()
  expect(compare.store.getState().run.kind).toBe('stopping')
  await running
  expect(columns().map(({ text, state }) => [text, state])).toMatchObject([
    [' A', { kind: 'done', finish: 'stopped' }],
    ['', { kind: 'done', finish: 'stopped' }],
    ['', { kind: 'done', finish: 'stopped' }],
  ])
  expect(app.models.getState().status.kind).toBe('ready')
})

test('stop while they are loaded leaves none that waits', async () => {
  const gate = Promise.withResolvers<void>()
  let isHeld = false
  const { compare, kinds, app } = await atOnce({ loading: () => (isHeld ? gate.promise : Promise.resolve()) })
  isHeld = true
  const running = compare.start()
  await vi.waitFor(() => expect(kinds()[0]).toBe('loading'))
  compare.stop()
  isHeld = false
  gate.resolve()
  await running
  expect(kinds()).toEqual(['skipped', 'skipped', 'skipped'])
  expect(app.models.getState().status.kind).toBe('ready')
})

test('a lost device ends all columns with a problem, and the model in use is loaded again', async () => {
  const { engine, columns, running, app } = await reading()
  engine.step(base.key)
  await vi.waitFor(() => expect(columns()[0]?.text).toBe(' A'))
  engine.lose('reset')
  await running
  const problem = { code: 'device-lost', detail: 'reset' }
  expect(columns().map(({ state }) => state)).toEqual([
    { kind: 'failed', problem },
    { kind: 'failed', problem },
    { kind: 'failed', problem },
  ])
  expect(columns()[0]?.text).toBe(' A')
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: base.key } })
})

test('a device that is lost while they are loaded ends also those that were loaded', async () => {
  const desk = await atOnce()
  const problem: Problem = { code: 'device-lost', detail: 'reset' }
  let left = 1
  failLoads(desk, (key) => (key === instruct.key && left-- > 0 ? problem : undefined))
  await desk.compare.start()
  expect(desk.columns().map(({ state }) => state)).toEqual([
    { kind: 'failed', problem },
    { kind: 'failed', problem },
    { kind: 'failed', problem },
  ])
  expect(desk.app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: base.key } })
})

test('a worker that ends by itself fails its own column', async () => {
  const { engine, columns, kinds, running } = await reading()
  engine.crash(instruct.key)
  await vi.waitFor(() => expect(kinds()).toEqual(['reading', 'failed', 'reading']))
  for (let words = 0; words < 5; words += 1) engine.step()
  await running
  expect(columns().map(({ text }) => text)).toEqual([' A cat sat.', '', ' Hello there.'])
})

test('a model that cannot be loaded fails alone, and the others know how many they were', async () => {
  const desk = await atOnce()
  failLoads(desk, (key) => (key === instruct.key ? { code: 'load-failed', detail: 'no file' } : undefined))
  await desk.compare.start()
  expect(desk.kinds()).toEqual(['done', 'failed', 'done'])
  expect([desk.columns()[0]?.others, desk.columns()[2]?.others]).toEqual([1, 1])
  expect(desk.compare.store.getState().setback).toBeNull()
})

test('another model that is chosen meanwhile, also the one that was in use, ends all', async () => {
  for (const chosen of [chat, base]) {
    const { kinds, running, app } = await reading()
    await app.select(chosen)
    await running
    expect(kinds()).toEqual(['skipped', 'skipped', 'skipped'])
    expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: chosen.key } })
  }
})

test('where the device has no memory left for one beside the others, they write one after another, each alone', async () => {
  const desk = await atOnce()
  failLoads(desk, (key) =>
    key === chat.key && desk.engine.warm().some((other) => other.key !== key) ? outOfMemory : undefined,
  )
  await desk.compare.start()
  expect(desk.compare.store.getState().setback).toEqual({ kind: 'short', title: chat.manifest.title, needBytes: 4e6 })
  expect(desk.columns().map(({ text, others }) => [text, others])).toEqual([
    [' A cat sat.', 0],
    [' A dog sat.', 0],
    [' Hello there.', 0],
  ])
  expect(desk.app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: base.key } })
})

test('one that has no room alone either says so, and the others write', async () => {
  const desk = await atOnce()
  failLoads(desk, (key) => (key === instruct.key ? outOfMemory : undefined))
  await desk.compare.start()
  expect(desk.columns().map(({ state }) => state)).toMatchObject([
    { kind: 'done' },
    { kind: 'failed', problem: outOfMemory },
    { kind: 'done' },
  ])
})

test('models that turn out larger than was computed write one after another, and the numbers say why', async () => {
  const { compare, engine, kinds, variantsLoaded } = await atOnce()
  engine.memory = { needBytes: 2_000_000, haveBytes: 2_500_000 }
  await compare.start()
  expect(compare.store.getState().setback).toEqual({ kind: 'larger', needBytes: 3_000_000, haveBytes: 2_500_000 })
  expect(kinds()).toEqual(['done', 'done', 'done'])
  expect(variantsLoaded()).toEqual(['base', 'base', 'instruct', 'chat', 'base', 'instruct', 'chat', 'base'])
})

test('an answer that is taken over has no speed, because others wrote beside it', async () => {
  const { compare, app } = await atOnce()
  await compare.start()
  await compare.adopt(1)
  expect(app.conversation.store.getState().path.at(-1)).toMatchObject({
    text: ' A dog sat.',
    figures: { completionTokens: 3, decodeTokensPerSecond: 0 },
  })
})

test('which way was chosen is kept; storage that holds anything or refuses means at once', () => {
  const storage = pageStorage()
  expect(readCompareWay(storage)).toBe('atOnce')
  keepCompareWay(storage, 'inTurn')
  expect(readCompareWay(storage)).toBe('inTurn')
  storage.setItem('hearth.compareWay', '{')
  expect(readCompareWay(storage)).toBe('atOnce')
  keepCompareWay(refusingStorage, 'inTurn')
  expect(readCompareWay(refusingStorage)).toBe('atOnce')
})
