// The app without a screen, on an engine that writes a given text.
import { expect, test, vi } from 'vitest'
import { InferenceError } from '../../../renderer/inference/inferenceError.ts'
import { createApp } from '../../../renderer/state/app.ts'
import { familiesOf } from '../../../renderer/state/models.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { family, installed, ownChat } from '../../support/models.ts'
import { type StoryOptions, storyEngine } from '../../support/storyEngine.ts'

function appOn(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  const engine = storyEngine({ words: [',', ' there', ' was'], ...options })
  let clockMs = 0
  let seeds = 100
  const repairs: string[] & { fail: string | null } = Object.assign([], { fail: null })
  const app = createApp({
    engine,
    listModels: async () => models,
    nowMs: () => clockMs,
    repairModel: async (key) => {
      if (repairs.fail !== null) throw new Error(repairs.fail)
      repairs.push(key)
    },
    drawSeed: () => ++seeds,
    systemIsDark: () => false,
  })
  const wait = (durationMs: number) => {
    clockMs += durationMs
  }
  return { app, engine, wait, repairs }
}

async function startedApp(options: Partial<StoryOptions> = {}) {
  const parts = appOn(options)
  await parts.app.start()
  return parts
}

async function onVariant(variant: 'instruct' | 'chat', options: Partial<StoryOptions> = {}) {
  const parts = await startedApp(options)
  await parts.app.select(installed(variant))
  return parts
}

test('it opens with the bundled base model and its own sampling', async () => {
  const { app, engine } = await startedApp()
  expect(engine.loads.map(({ manifest }) => manifest.id)).toEqual(['hearth/tinystories-15m-base'])
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, adapter: { software: true } })
  expect(app.sampling.getState()).toMatchObject({ temperature: 0.9, topP: 0.9 })
})

test('no installed model is a failure with words', async () => {
  const { app } = appOn({}, [])
  await app.start()
  expect(app.models.getState().status).toEqual({
    kind: 'failed',
    problem: { code: 'load-failed', detail: 'no model is installed' },
  })
})

test('continuing sends the whole document and puts the words at its end', async () => {
  const { app, engine } = await startedApp()
  await app.write()
  expect(engine.requests[0]?.prompt).toEqual({ kind: 'completion', text: 'Once upon a time' })
  expect(app.writing.getState()).toMatchObject({
    document: { text: 'Once upon a time, there was', written: [{ start: 16, end: 27 }] },
    run: { kind: 'idle' },
    last: { finish: 'length', seed: 101 },
  })
})

test('a random seed is drawn for each run and shown; a fixed one is kept', async () => {
  const { app, engine } = await startedApp()
  await app.write()
  await app.write()
  app.sampling.setState({ seed: 7, seedKind: 'fixed' })
  await app.write()
  expect(engine.requests.map(({ sampling }) => sampling.seed)).toEqual([101, 102, 7])
  expect(app.sampling.getState().seed).toBe(7)
})

test('stopping keeps what is written so far', async () => {
  const { app, engine } = await startedApp({ byHand: true })
  const writing = app.write()
  await vi.waitFor(() => expect(app.writing.getState().run.kind).toBe('reading'))
  engine.step()
  await vi.waitFor(() => expect(app.writing.getState().run.kind).toBe('writing'))
  expect(app.canWrite()).toBe(false)
  app.stop()
  await writing
  expect(app.writing.getState()).toMatchObject({
    document: { text: 'Once upon a time,' },
    run: { kind: 'idle' },
    last: { finish: 'stopped' },
  })
})

test('undo takes a continuation back; starting over can be taken back too', async () => {
  const { app } = await startedApp()
  expect(app.canUndo()).toBe(false)
  await app.write()
  app.undo()
  expect(app.writing.getState().document.text).toBe('Once upon a time')
  await app.write()
  app.clear()
  expect([app.writing.getState().document.text, app.canClear()]).toEqual(['', false])
  app.undo()
  expect(app.writing.getState().document.text).toBe('Once upon a time, there was')
})

test('each variant keeps its own text, and its defaults unless a person chose', async () => {
  const { app } = await onVariant('chat')
  expect(app.sampling.getState().temperature).toBe(0.7)
  await app.write()
  app.sampling.setState({ temperature: 0.3, touched: true })
  await app.select(installed('base'))
  expect(app.sampling.getState().temperature).toBe(0.3)
  expect(app.writing.getState().document.text).toBe('Once upon a time')
  expect(app.writing.getState().chat.turns).toHaveLength(2)
})

test('a chat sends every turn so far; an instruction goes alone', async () => {
  const chat = await onVariant('chat')
  chat.app.writing.setState({ chat: { draft: 'Hi!', turns: [] } })
  await chat.app.write()
  expect(chat.app.canWrite()).toBe(false)
  chat.app.writing.setState((state) => ({ chat: { ...state.chat, draft: ' And then? ' } }))
  await chat.app.write()
  expect(chat.engine.requests.map(({ prompt }) => prompt)).toEqual([
    { kind: 'turns', turns: [{ role: 'user', text: 'Hi!' }] },
    {
      kind: 'turns',
      turns: [
        { role: 'user', text: 'Hi!' },
        { role: 'assistant', text: ', there was' },
        { role: 'user', text: 'And then?' },
      ],
    },
  ])
  chat.app.undo()
  expect(chat.app.writing.getState().chat).toMatchObject({ draft: 'And then?', turns: [{}, {}] })

  const instruct = await onVariant('instruct')
  await instruct.app.write()
  await instruct.app.write()
  expect(instruct.engine.requests.map(({ prompt }) => prompt.kind === 'turns' && prompt.turns.length)).toEqual([1, 1])
  expect(instruct.app.writing.getState().instruct.turns).toHaveLength(2)
})

test('a failed load says why and can be tried again', async () => {
  const { app, engine } = appOn()
  engine.loadProblem = { code: 'no-adapter', detail: 'null' }
  await app.start()
  expect(app.models.getState().status).toEqual({ kind: 'failed', problem: { code: 'no-adapter', detail: 'null' } })
  engine.loadProblem = null
  app.retry()
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
})

test('a failed run keeps the text and the model', async () => {
  const { app, engine } = await startedApp()
  engine.writeProblem = { code: 'write-failed', detail: 'validation error' }
  await app.write()
  expect(app.writing.getState()).toMatchObject({
    document: { text: 'Once upon a time' },
    problem: { code: 'write-failed' },
  })
  expect(app.canWrite()).toBe(true)
})

test.each(['instruct', 'chat'] as const)('a message too long for the %s model stays a draft', async (variant) => {
  const { app, engine } = await onVariant(variant)
  await app.write()
  const { turns } = app.writing.getState()[variant]
  app.writing.setState({ [variant]: { draft: 'so long ', turns } })
  engine.writeProblem = { code: 'too-long', promptTokens: 300, limitTokens: 128 }
  await app.write()
  expect(app.writing.getState()).toMatchObject({
    [variant]: { draft: 'so long ', turns },
    problem: { code: 'too-long' },
    run: { kind: 'idle' },
  })
  expect(turns).toHaveLength(2)
})

test('after a lost device the text stays, the model is loaded again and the person is told', async () => {
  const { app, engine } = await startedApp({ byHand: true })
  const writing = app.write()
  await vi.waitFor(() => expect(app.writing.getState().run.kind).toBe('reading'))
  engine.step()
  await vi.waitFor(() => expect(app.writing.getState().document.text).toBe('Once upon a time,'))
  engine.lose('the GPU process crashed')
  expect(app.models.getState().recovery).toBe('reloading')
  await writing
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
  expect(app.models.getState().recovery).toBe('reloaded')
  expect(app.writing.getState()).toMatchObject({ document: { text: 'Once upon a time,' }, problem: null })
  expect(engine.loads).toHaveLength(2)
})

test('the third loss within five minutes ends it; older losses do not count; trying again starts anew', async () => {
  const { app, engine, wait } = await startedApp()
  const lose = async () => {
    engine.lose('gone')
    await vi.waitFor(() => expect(app.models.getState().status.kind).not.toBe('loading'))
    return app.models.getState().status.kind
  }
  expect([await lose(), await lose()]).toEqual(['ready', 'ready'])
  wait(6 * 60 * 1000)
  expect([await lose(), await lose(), await lose()]).toEqual(['ready', 'ready', 'failed'])
  expect(app.models.getState().status).toMatchObject({ problem: { code: 'device-lost', detail: 'gone' } })
  app.retry()
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
})

test('a device lost while the model loads counts like any other: it is loaded again, and given up at the third loss', async () => {
  let losses = 1
  const { app, engine } = appOn({
    loading: async () => {
      if (losses > 0) throw new InferenceError({ code: 'device-lost', detail: `${losses--} to go` })
    },
  })
  await app.start()
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
  expect(app.models.getState().recovery).toBe('reloaded')
  expect(engine.loads).toHaveLength(2)
  losses = 3
  engine.lose('gone')
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('failed'))
  expect(app.models.getState().status).toMatchObject({ problem: { code: 'device-lost', detail: '3 to go' } })
})

test('the last choice of a model wins', async () => {
  const gates: (() => void)[] = []
  const { app } = appOn({ loading: () => new Promise<void>((resolve) => void gates.push(resolve)) })
  const starting = app.start()
  await vi.waitFor(() => expect(gates).toHaveLength(1))
  const choosing = app.select(installed('chat'))
  await vi.waitFor(() => expect(gates).toHaveLength(2))
  gates[1]?.()
  await choosing
  gates[0]?.()
  await starting
  expect(app.models.getState()).toMatchObject({ selected: installed('chat'), status: { kind: 'ready' } })
})

test('every installed model is in one family: the bundled first, a second claim on a variant alone', () => {
  const again = { ...ownChat, key: 'e'.repeat(64), manifest: { ...ownChat.manifest, id: 'local/other' } }
  const families = familiesOf([ownChat, again, ...family.toReversed()])
  expect(families).toEqual([
    { name: 'TinyStories 15M', members: family },
    { name: 'Own', members: [ownChat] },
    { name: 'Own (local/other)', members: [again] },
  ])
})

test('a model with a damaged file can be repaired once, and a refusal is told', async () => {
  const { app, engine, repairs } = appOn()
  await app.start()
  expect(app.canRepair()).toBe(false)
  engine.loadProblem = { code: 'damaged-file', key: installed('chat').key, file: 'params_shard_0.bin', block: 1 }
  await app.select(installed('chat'))
  expect(app.canRepair()).toBe(true)
  await app.repair()
  expect([[...repairs], app.canRepair(), app.models.getState().repair]).toEqual([
    [installed('chat').key],
    false,
    { kind: 'asked' },
  ])
  await app.select(installed('chat'))
  repairs.fail = 'it is part of the app'
  await app.repair()
  expect(app.models.getState().repair).toEqual({ kind: 'refused', detail: 'it is part of the app' })
})
