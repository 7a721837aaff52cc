// Installing in the real app: a checkpoint comes from a local Hub, is compiled in a worker of the models process, and is a model of the window; the process
// that does it may be killed on the way.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Channel, Input } from '../../shared/ipc.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { type LocalHub, startLocalHub } from '../hub/localHub.ts'
import { askMain } from '../support/askMain.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { checkpoint, repositoryOf } from '../support/installRig.ts'

let hub: LocalHub
let running: RunningApp

beforeAll(async () => {
  hub = await startLocalHub({ repositories: [await repositoryOf('llama-bf16-sharded')] })
  running = await launchApp({ hub: hub.state.hubOrigin })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

const ask = <C extends Channel>(channel: C, input?: Input<C>) => askMain(running.page, channel, input)

async function processId(): Promise<number | undefined> {
  return await running.app.evaluate(
    ({ app }) =>
      app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Hearth models'))?.pid,
  )
}

const installed = async (): Promise<readonly InstalledModel[]> =>
  (await ask('models.list')).filter(({ bundled }) => !bundled)

test('a model is installed from the Hub although the models process is killed on the way', async () => {
  expect(await ask('settings.read')).toMatchObject({ hubEndpointInUse: hub.state.hubOrigin })
  const shard = hub.state.repositories[0]?.files.find(({ name }) => name === 'model-00002-of-00002.safetensors')
  expect(shard).toBeDefined()
  // From its second time on the second shard does not come: the first is the look at its header.
  let times = 0
  hub.fault = ({ url }) => url.includes('model-00002-of-00002.safetensors') && ++times > 1
  const { jobId } = await ask('jobs.install', checkpoint('test/llama-bf16-sharded'))
  await expect.poll(() => times, { timeout: 30_000 }).toBeGreaterThan(1)
  expect(await ask('jobs.list')).toMatchObject([{ id: jobId, state: 'running', stage: 'downloading' }])
  const before = await processId()
  expect(before).toBeTypeOf('number')
  process.kill(before ?? 0, 'SIGKILL')
  hub.fault = null
  const job = async () => (await ask('jobs.list').catch(() => [])).find(({ id }) => id === jobId)?.state
  await expect.poll(job, { timeout: 30_000 }).toBe('done')
  const after = await processId()
  expect(after).toBeTypeOf('number')
  expect(after).not.toBe(before)
  expect((await installed()).map(({ manifest }) => manifest.id)).toEqual(['test/llama-bf16-sharded'])
})

test('its record tells where it came from, and removing it frees its bytes', async () => {
  const [model] = await installed()
  const record = (await ask('models.records')).find(({ key }) => key === model?.key)
  expect(record).toMatchObject({
    place: 'store',
    origin: { kind: 'checkpoint', repository: 'test/llama-bf16-sharded' },
  })
  expect(await ask('models.remove', { key: model?.key ?? '' })).toEqual({ freedBytes: record?.ownBytes })
  expect(await installed()).toEqual([])
})

test('every request of it stands in the ledger, and none was made with a token', async () => {
  const entries = await ask('network.ledger', { beforeId: null, limit: 1000 })
  expect(entries.length).toBeGreaterThan(5)
  expect(new Set(entries.map(({ withToken }) => withToken))).toEqual(new Set([false]))
  expect(hub.seen.length).toBeGreaterThanOrEqual(entries.filter(({ status }) => status !== null).length)
})

test('the window hears of jobs and models without asking', async () => {
  await running.page.evaluate(() => {
    const events = Reflect.get(globalThis, 'hearthEvents') as Record<string, (listen: (data: unknown) => void) => void>
    const heard: unknown[] = []
    Reflect.set(globalThis, 'heard', heard)
    events['jobs.changed']?.((jobs) => heard.push(jobs))
    events['models.changed']?.(() => heard.push('models'))
  })
  const heard = () => running.page.evaluate(() => Reflect.get(globalThis, 'heard') as readonly unknown[])
  const { jobId } = await ask('jobs.install', checkpoint('test/llama-bf16-sharded'))
  await expect.poll(heard, { timeout: 30_000 }).toContain('models')
  const last = async () => (await heard()).findLast((event) => event !== 'models')
  await expect.poll(last, { timeout: 30_000 }).toMatchObject([{}, { id: jobId, state: 'done' }])
  await ask('jobs.cancel', { id: jobId })
  await expect.poll(async () => ((await last()) as unknown[]).length, { timeout: 30_000 }).toBe(1)
})
