// Models in use without a screen, on an engine that writes a given text: which is loaded, loaded again, repaired.
import { expect, test, vi } from 'vitest'
import { InferenceError } from '../../../renderer/inference/inferenceError.ts'
import { familiesOf } from '../../../renderer/state/models.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { chatDesk, openChatDesk } from '../../support/chatDesk.ts'
import { chatsBackend } from '../../support/chatsBackend.ts'
import { settled } from '../../support/fakeClock.ts'
import { family, installed, ownChat } from '../../support/models.ts'
import type { StoryOptions } from '../../support/storyEngine.ts'

function appOn(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  return openChatDesk({ ...options, models })
}

const startedApp = (options: Partial<StoryOptions> = {}) => chatDesk(options)

test('it opens with the bundled base model and its own sampling', async () => {
  const { app, engine } = await startedApp()
  expect(engine.loads.map(({ manifest }) => manifest.id)).toEqual(['hearth/tinystories-15m-base'])
  expect(app.models.getState()).toMatchObject({ status: { kind: 'ready' }, adapter: { software: true } })
  expect(app.conversation.samplingOf('base')).toMatchObject({ temperature: 0.9, topP: 0.9, seed: null })
})

test('no installed model is a failure with words', async () => {
  const { app } = appOn({}, [])
  await app.start()
  expect(app.models.getState().status).toEqual({
    kind: 'failed',
    problem: { code: 'load-failed', detail: 'no model is installed' },
  })
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

test('the third loss within five minutes ends it; older losses do not count; trying again starts anew', async () => {
  const { app, engine, clock } = await startedApp()
  const lose = async () => {
    engine.lose('gone')
    await vi.waitFor(() => expect(app.models.getState().status.kind).not.toBe('loading'))
    return app.models.getState().status.kind
  }
  expect([await lose(), await lose()]).toEqual(['ready', 'ready'])
  await clock.pass(6 * 60 * 1000)
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
  expect(app.models.getState().repair).toMatchObject({ kind: 'refused', error: { message: 'it is part of the app' } })
})

test('chats that do not come do not keep a model from loading, and what was begun meanwhile stays open', async () => {
  const backend = chatsBackend()
  const first = await chatDesk({ backend })
  await first.app.conversation.send()
  const gate = Promise.withResolvers<void>()
  const overview = backend.answers['chats.overview']
  Object.assign(backend.answers, {
    'chats.overview': async () => {
      await gate.promise
      return overview?.(undefined)
    },
  })
  const { app, clock } = openChatDesk({ backend })
  const starting = app.start()
  await settled()
  app.conversation.editDocument('Mine')
  await clock.pass(3000)
  await starting
  expect(app.models.getState().status.kind).toBe('ready')
  gate.resolve()
  await settled()
  expect(app.chats.store.getState().chats).toHaveLength(2)
  expect(app.conversation.store.getState().document?.text).toBe('Mine')
})
