// The same text to several models, one after another: stopped, failed, overtaken, taken over; and how it shares the engine with the conversation.
import { expect, test, vi } from 'vitest'
import { usualChoice } from '../../../renderer/state/compare.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { ChatDeskOptions } from '../../support/chatDesk.ts'
import { compareDesk } from '../../support/compareDesk.ts'
import { family, installed, ownChat } from '../../support/models.ts'

/** As a person may want it also where memory holds all of them. */
const inTurn = (options: ChatDeskOptions = {}) => compareDesk('inTurn', options)

test('the variants of the family in use are compared unless others are chosen', async () => {
  const { compare, app } = await inTurn({ models: [...family, ownChat] })
  expect(compare.chosen().map(({ manifest }) => manifest.variant)).toEqual(['base', 'instruct', 'chat'])
  compare.choose([ownChat.key, installed('chat').key])
  expect(compare.chosen().map(({ manifest }) => manifest.title)).toEqual(['Own chat', 'TinyStories 15M chat'])
  compare.choose(['e'.repeat(64)])
  expect(compare.chosen()).toEqual([])
  const alone: readonly InstalledModel[] = [ownChat, installed('base')]
  expect(usualChoice({ ...app.models.getState(), installed: alone, selected: ownChat })).toHaveLength(2)
})

test('models write one after another with the same seed, and the one in use is loaded again', async () => {
  const { compare, columns, engine, variantsLoaded, app } = await inTurn()
  compare.ask('Tell a story.', '')
  expect(compare.canStart()).toBe(true)
  await compare.start()
  expect(columns().map(({ text }) => text)).toEqual([' A cat sat.', ' A dog sat.', ' Hello there.'])
  expect(columns().map(({ state }) => state.kind)).toEqual(['done', 'done', 'done'])
  expect(variantsLoaded()).toEqual(['base', 'base', 'instruct', 'chat', 'base'])
  expect(new Set(engine.requests.map(({ sampling }) => sampling.seed)).size).toBe(1)
  expect(engine.requests.map(({ prompt }) => prompt.kind)).toEqual(['completion', 'turns', 'turns'])
  expect([compare.store.getState().run.kind, app.models.getState().status.kind]).toEqual(['idle', 'ready'])
})

test('a record says how each answer came about', async () => {
  const { compare, columns } = await inTurn()
  compare.ask('Tell a story.', '')
  await compare.start()
  expect(columns()[1]?.record).toMatchObject({
    writer: { key: installed('instruct').key, variant: 'instruct' },
    adapter: 'google swiftshader',
    library: 'software',
    promptTokens: 5,
    startsAt: 0,
    tokens: null,
    sampling: { seed: 101, temperature: 0.7 },
  })
})

test('nothing starts without a text, with one model, or twice', async () => {
  const { compare, engine } = await inTurn({ byHand: true })
  expect(compare.canStart()).toBe(false)
  compare.ask('Hello', '')
  compare.choose([installed('base').key])
  expect(compare.canStart()).toBe(false)
  compare.choose(null)
  const running = compare.start()
  expect(compare.canStart()).toBe(false)
  await compare.start()
  await vi.waitFor(() => expect(engine.requests).toHaveLength(1))
  compare.stop()
  await running
})

test('stop ends the model that writes and all that would follow', async () => {
  const { compare, columns, engine, variantsLoaded } = await inTurn({ byHand: true })
  compare.ask('Hello', '')
  const running = compare.start()
  await vi.waitFor(() => expect(columns()[0]?.state.kind).toBe('reading'))
  engine.step()
  await vi.waitFor(() => expect(columns()[0]?.text).toBe(' A'))
  compare.stop()
  expect(compare.store.getState().run.kind).toBe('stopping')
  await running
  expect(columns().map(({ state }) => state)).toMatchObject([
    { kind: 'done', finish: 'stopped' },
    { kind: 'skipped' },
    { kind: 'skipped' },
  ])
  expect(variantsLoaded()).toEqual(['base', 'base', 'base'])
})

test('a model that fails to load fails alone', async () => {
  const { compare, columns, engine } = await inTurn()
  const load = engine.load
  engine.load = async (model, watcher, signal) => {
    engine.loadProblem = model.manifest.variant === 'instruct' ? { code: 'load-failed', detail: 'no file' } : null
    await load(model, watcher, signal)
  }
  compare.ask('Hello', '')
  await compare.start()
  expect(columns().map(({ state }) => state)).toMatchObject([
    { kind: 'done' },
    { kind: 'failed', problem: { code: 'load-failed' } },
    { kind: 'done' },
  ])
})

test('a lost device ends the comparison, and the model in use is loaded again', async () => {
  const { compare, columns, engine, app } = await inTurn({ byHand: true })
  compare.ask('Hello', '')
  const running = compare.start()
  await vi.waitFor(() => expect(columns()[0]?.state.kind).toBe('reading'))
  engine.lose('reset')
  await running
  expect(columns().map(({ state }) => state.kind)).toEqual(['failed', 'skipped', 'skipped'])
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: installed('base').key } })
})

test('another model that is chosen meanwhile ends the comparison and stays in use', async () => {
  const { compare, columns, app } = await inTurn({ byHand: true })
  compare.ask('Hello', '')
  const running = compare.start()
  await vi.waitFor(() => expect(columns()[0]?.state.kind).toBe('reading'))
  await app.select(installed('chat'))
  await running
  expect(columns().map(({ state }) => state.kind)).toEqual(['skipped', 'skipped', 'skipped'])
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, selected: { key: installed('chat').key } })
})

test('while the conversation writes nothing is compared', async () => {
  const { compare, app, engine } = await inTurn({ byHand: true })
  compare.ask('Hello', '')
  const sending = app.conversation.send()
  await vi.waitFor(() => expect(engine.requests).toHaveLength(1))
  expect(compare.canStart()).toBe(false)
  app.conversation.stop()
  await sending
  expect(compare.canStart()).toBe(true)
})

test('what is sent while models are compared waits for the model in use', async () => {
  const { compare, app, engine, columns } = await inTurn({ byHand: true })
  compare.ask('Hello', '')
  const running = compare.start()
  await vi.waitFor(() => expect(columns()[0]?.state.kind).toBe('reading'))
  const sending = app.conversation.send()
  expect(app.conversation.store.getState().run.kind).toBe('waiting')
  expect(engine.requests).toHaveLength(1)
  compare.stop()
  await running
  await vi.waitFor(() => expect(engine.requests).toHaveLength(2))
  app.conversation.stop()
  await sending
})

test('an answer is taken over into the conversation once, with its writer and record', async () => {
  const { compare, app } = await inTurn()
  await app.select(installed('chat'))
  compare.ask('Tell a story.', '')
  await compare.start()
  expect([0, 1, 2, 3].map(compare.canAdopt)).toEqual([true, true, true, false])
  await compare.adopt(1)
  const { path } = app.conversation.store.getState()
  expect(path.map(({ role, text }) => [role, text])).toEqual([
    ['user', 'Tell a story.'],
    ['assistant', ' A dog sat.'],
  ])
  const answer = path.at(-1)
  expect(answer?.writer?.key).toBe(installed('instruct').key)
  expect(await app.conversation.record(answer?.id ?? '')).toMatchObject({ writer: { variant: 'instruct' } })
  expect(compare.canAdopt(1)).toBe(false)
})

test('in another chat nothing of the comparison is taken over', async () => {
  const { compare, app } = await inTurn()
  compare.ask('Hello', '')
  await compare.start()
  await app.conversation.create()
  expect(compare.canAdopt(0)).toBe(false)
})

test('the words of any two are compared', async () => {
  const { compare } = await inTurn()
  compare.ask('Hello', '')
  await compare.start()
  expect(compare.store.getState().difference).toEqual([
    { kind: 'both', text: ' A ' },
    { kind: 'first', text: 'cat' },
    { kind: 'second', text: 'dog' },
    { kind: 'both', text: ' sat.' },
  ])
  await compare.compareWords([1, 1])
  expect(compare.store.getState().difference).toEqual([{ kind: 'both', text: ' A dog sat.' }])
})
