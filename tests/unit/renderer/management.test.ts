// The stores around the writing desk, over plain objects in place of main.
import { expect, test, vi } from 'vitest'
import { type Bridge, client, listener } from '../../../renderer/ipc.ts'
import { createApp } from '../../../renderer/state/app.ts'
import { createCatalogue } from '../../../renderer/state/catalogue.ts'
import { createHardware } from '../../../renderer/state/hardware.ts'
import { machineNow } from '../../../renderer/state/machine.ts'
import { createManagement } from '../../../renderer/state/management.ts'
import { createRecords, onDisk } from '../../../renderer/state/records.ts'
import { createSettings } from '../../../renderer/state/settings.ts'
import type { AdapterProbe } from '../../../shared/hardware.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { SettingsView } from '../../../shared/settings.ts'
import { plainChatParts } from '../../support/chatDesk.ts'
import { fakeBridge } from '../../support/fakeBridge.ts'
import {
  answered,
  fakeEvents,
  managementAnswers,
  nowMs,
  ownRecord,
  recordOf,
  report,
  settingsView,
} from '../../support/management.ts'
import { family, installed, ownChat } from '../../support/models.ts'
import { storyEngine } from '../../support/storyEngine.ts'

const probe = report.probe as AdapterProbe
const callOn = (answers: Partial<Bridge>) => client(fakeBridge(null, [], { ...managementAnswers, ...answers }))
const refused = async () => ({ ok: false as const, error: { code: 'internal' as const, message: 'no' } })

test('models that changed are asked for again, with their records, and only the newest answer counts', async () => {
  const events = fakeEvents()
  const adopt = vi.fn()
  const waiting: ((models: readonly InstalledModel[]) => void)[] = []
  const call = callOn({
    'models.list': () => new Promise((done) => waiting.push((value) => done({ ok: true, value }))),
  })
  const records = createRecords({ call, listen: listener(events.bridge), adopt })
  const { signal } = new AbortController()
  await records.start(signal)
  events.emit('models.changed', null)
  events.emit('models.changed', null)
  waiting[1]?.([ownChat])
  waiting[0]?.(family)
  await vi.waitFor(() => expect(adopt.mock.calls).toEqual([[[ownChat]]]))
})

test('a check goes on in the list of jobs; a refusal stands beside the model', async () => {
  const records = createRecords({
    call: callOn({ 'models.verify': () => answered({ jobId: 'j' }), 'models.repair': refused }),
    listen: listener(fakeEvents().bridge),
    adopt: () => {},
  })
  await records.verify('a')
  await records.repair('b')
  expect(records.store.getState().activities).toMatchObject({
    a: { kind: 'job', action: 'verify', jobId: 'j' },
    b: { kind: 'failed', action: 'repair' },
  })
})

test('deleting says what became free and asks for the list', async () => {
  const adopt = vi.fn()
  const remove = vi.fn((() => answered({ freedBytes: 3.9e9 })) as Bridge['models.remove'])
  const records = createRecords({
    call: callOn({ 'models.remove': remove, 'models.list': () => answered(family) }),
    listen: listener(fakeEvents().bridge),
    adopt,
  })
  await records.remove(ownRecord.key, 'Own chat')
  expect(remove).toHaveBeenCalledExactlyOnceWith({ key: ownRecord.key })
  expect(adopt).toHaveBeenCalledWith(family)
  expect(records.store.getState()).toMatchObject({ removed: { title: 'Own chat', freedBytes: 3.9e9 }, activities: {} })
})

test('no folder chosen moves nothing', async () => {
  const records = createRecords({
    call: callOn({ 'models.moveFolder': () => answered(null) }),
    listen: listener(fakeEvents().bridge),
    adopt: () => {},
  })
  await records.moveFolder()
  expect(records.store.getState().move).toEqual({ kind: 'none' })
})

test('the list of models begins with the one used last and ends with the app’s own', () => {
  const older: InstalledModel = { ...ownChat, key: 'e'.repeat(64) }
  const list = onDisk(
    [installed('base'), older, ownChat],
    [ownRecord, recordOf(older.key, { place: 'store', lastUsedAtMs: 5 }), recordOf(installed('base').key)],
  )
  expect(list.map(({ model }) => model.key[0])).toEqual(['d', 'e', 'a'])
})

test('the adapter is measured once, when nothing needs it, and gives way', async () => {
  const started: AbortSignal[] = []
  let finish = (_probe: AdapterProbe) => {}
  const kept: AdapterProbe[] = []
  const hardware = createHardware({
    call: callOn({
      'hardware.read': () => answered({ ...report, probe: null }),
      'hardware.probed': (value) => {
        kept.push(value)
        return answered(null)
      },
    }),
    measure: (signal) => {
      started.push(signal)
      return new Promise((resolve, reject) => {
        finish = resolve
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
  })
  hardware.adapterIsFree(true)
  expect(started).toHaveLength(0)
  await hardware.start()
  hardware.adapterIsFree(true)
  hardware.adapterIsFree(true)
  expect(started).toHaveLength(1)
  hardware.adapterIsFree(false)
  await vi.waitFor(() => expect(hardware.store.getState().measuring).toEqual({ kind: 'no' }))
  expect(started[0]?.aborted).toBe(true)
  hardware.adapterIsFree(true)
  finish(probe)
  await vi.waitFor(() => expect(kept).toEqual([probe]))
  expect(hardware.store.getState().report?.probe).toEqual(probe)
  hardware.adapterIsFree(true)
  expect(started).toHaveLength(2)
})

test('a measurement that fails is told and not tried again by itself', async () => {
  const measure = vi.fn(async (): Promise<AdapterProbe> => {
    throw new Error('out of memory')
  })
  const hardware = createHardware({
    call: callOn({ 'hardware.read': () => answered({ ...report, probe: null }) }),
    measure,
  })
  await hardware.start()
  hardware.adapterIsFree(true)
  await vi.waitFor(() => expect(hardware.store.getState().measuring.kind).toBe('failed'))
  hardware.adapterIsFree(true)
  expect(measure).toHaveBeenCalledTimes(1)
})

test('a refused setting leaves the one in use and says why; events win over older answers', async () => {
  const events = fakeEvents()
  const settings = createSettings({ call: callOn({ 'settings.write': refused }), listen: listener(events.bridge) })
  const { signal } = new AbortController()
  await settings.start(signal)
  expect(await settings.write('hubEndpoint', 'nonsense')).toBe(false)
  expect(settings.store.getState()).toMatchObject({
    view: { hubEndpoint: null },
    refusals: { hubEndpoint: { message: 'no' } },
    saving: new Set(),
  })
  const offline: SettingsView = { ...settingsView, offline: true }
  events.emit('settings.changed', offline)
  expect(settings.store.getState().view).toEqual(offline)
})

test('the token goes to main and is kept nowhere in the page', async () => {
  const settings = createSettings({ call: callOn({}), listen: listener(fakeEvents().bridge) })
  expect(await settings.setToken('hf_secret')).toBe(true)
  expect(JSON.stringify(settings.store.getState())).not.toContain('hf_secret')
  expect(settings.store.getState().view?.token).toBe('stored')
  await settings.setToken(null)
  expect(settings.store.getState().view?.token).toBe('none')
})

test('the machine takes the memory the person allows, and learns its speed from what ran on this adapter', () => {
  const known = { hardware: report, installed: [ownChat], records: [ownRecord], settings: settingsView }
  expect(machineNow({ ...known, hardware: null })).toBe(null)
  expect(machineNow(known)?.speedSamples).toHaveLength(1)
  expect(machineNow({ ...known, records: [] })?.speedSamples).toEqual([])
  const elsewhere = { ...ownRecord, measurements: ownRecord.measurements.map((one) => ({ ...one, adapterName: 'x' })) }
  expect(machineNow({ ...known, records: [elsewhere] })?.speedSamples).toEqual([])
  expect(machineNow({ ...known, settings: { ...settingsView, memoryBudgetBytes: 7e9 } })?.memoryBytes).toBe(7e9)
  expect(machineNow(known)?.memoryBytes).toBe(report.budget.memoryBytes)
})

test('the catalogue hears of machine, disk, models, jobs and offline mode', async () => {
  const events = fakeEvents()
  const call = callOn({ 'models.list': () => answered([...family, ownChat]) })
  const app = createApp({
    engine: storyEngine({ words: [] }),
    listModels: () => call('models.list', undefined),
    repairModel: async () => {},
    ...plainChatParts(),
    nowMs: () => 0,
    drawSeed: () => 1,
    systemIsDark: () => false,
  })
  const measure = async () => probe
  const management = createManagement({
    call,
    listen: listener(events.bridge),
    app,
    measure,
    copyText: async () => {},
    version: '0.1.0',
    nowMs: () => nowMs,
  })
  const nothing = () => {}
  const { surroundings } = createCatalogue({
    call,
    drop: () => answered({ token: '', name: '' }),
    later: nothing,
    showDownloads: nothing,
    showInstalled: nothing,
    showSettings: nothing,
    openModel: nothing,
  })
  const stop = new AbortController()
  management.feed({ surroundings }, stop.signal)
  await Promise.all([app.start(), management.start(stop.signal)])
  expect(surroundings.getState()).toMatchObject({
    machine: { target: 'half', memoryBytes: 16.7e9 },
    freeBytes: 210e9,
    isOffline: false,
    records: [{}, ownRecord],
  })
  expect(surroundings.getState().jobs).toHaveLength(5)
  events.emit('settings.changed', { ...settingsView, offline: true })
  expect(surroundings.getState().isOffline).toBe(true)
  stop.abort()
  events.emit('settings.changed', settingsView)
  expect(events.listeners()).toBe(0)
  expect(surroundings.getState().isOffline).toBe(true)
})

test('when the model in use is deleted, the first of those that are left takes its place', async () => {
  const engine = storyEngine({ words: [] })
  const app = createApp({
    engine,
    listModels: async () => [...family, ownChat],
    repairModel: async () => {},
    ...plainChatParts(),
    nowMs: () => 0,
    drawSeed: () => 1,
    systemIsDark: () => false,
  })
  await app.start()
  await app.select(ownChat)
  app.adopt([...family, ownChat])
  expect(engine.loads).toHaveLength(2)
  app.adopt(family)
  expect(app.models.getState()).toMatchObject({ installed: family, selected: installed('base') })
  expect(engine.loads.at(-1)).toEqual(installed('base'))
})
