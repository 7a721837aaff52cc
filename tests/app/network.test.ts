// The network of the real app, seen from three sides that must agree: the ledger that people read, the Hub that is asked, and the sockets that the processes
// open. The switch closes all of it in the middle of a download, and stays closed over a restart.
import { createHash } from 'node:crypto'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { capture, rootFolder } from '../../electron/launch/subprocess.ts'
import type { Channel, Input } from '../../shared/ipc.ts'
import type { LedgerEntry } from '../../shared/network.ts'
import { type LocalHub, type LocalRepository, type SeenRequest, startLocalHub } from '../hub/localHub.ts'
import { askMain, replyOfMain } from '../support/askMain.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'
import { checkpoint, installedModels, repositoryOf } from '../support/installRig.ts'

const home = temporaryFolder()
const otherHome = temporaryFolder()
const token = 'hf_local'
const name = 'test/llama-gqa'
const otherName = 'test/llama-bf16-sharded'
/** A megabyte: the looks at its header ask for a part. */
const weights = 'model.safetensors'
const patience = { timeout: 60_000 }

let repository: LocalRepository
let hub: LocalHub
let running: RunningApp

const launch = () => launchApp({ home, hub: hub.state.hubOrigin, environment: { HF_TOKEN: token } })
const ask = <C extends Channel>(channel: C, input?: Input<C>) => askMain(running.page, channel, input)
const ledger = () => ask('network.ledger', { beforeId: null, limit: 1000 })
const job = async (id: string) => (await ask('jobs.list')).find((one) => one.id === id)

beforeAll(async () => {
  repository = await repositoryOf('llama-gqa')
  const gated: LocalRepository = { ...(await repositoryOf('llama-bf16-sharded')), access: 'gated' }
  hub = await startLocalHub({ repositories: [repository, gated], token })
  running = await launch()
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
  for (const folder of [home, otherHome]) rmSync(folder, { recursive: true, force: true })
})

/** A request without its query, which the ledger does not keep. */
function lineOf({ method, host, path }: Pick<LedgerEntry, 'method' | 'host' | 'path'>): string {
  return `${method} ${host}${path}`
}

function lineOfSeen({ method, url, headers }: SeenRequest): string {
  return lineOf({ method, host: headers.host ?? '', path: url.replace(/\?.*$/, '') })
}

/** Of connections: where to, each once. */
function connectedTo({ sockets }: RunningApp): readonly string[] {
  return [...new Set(sockets().flatMap(({ kind, to }) => (kind === 'connection' ? [to] : [])))]
}

test('an app that is asked for nothing opens nothing', async () => {
  await ask('models.records')
  await ask('chats.overview')
  // The process of the models, that of the chats, and its thread for the day's copy.
  const places = () => running.sockets().map(({ place, kind }) => `${place} ${kind}`)
  await vi.waitFor(() => {
    expect(places().sort()).toEqual(['browser started', 'thread started', 'utility started', 'utility started'])
  }, patience)
  expect([await ledger(), hub.seen]).toEqual([[], []])
})

test('the ledger has every request that the Hub saw, and nothing else; the token goes to the Hub alone', async () => {
  await ask('catalog.search', { text: 'llama' })
  await ask('catalog.inspect', { kind: 'repository', repository: name })
  await ask('catalog.inspect', { kind: 'repository', repository: otherName })
  const entries = await ledger()
  expect(entries.map(lineOf).sort()).toEqual(hub.seen.map(lineOfSeen).sort())
  expect(entries.filter(({ status, durationMs, problem }) => !status || durationMs === null || problem)).toEqual([])
  expect(new Set(hub.seen.map(({ server }) => server))).toEqual(new Set(['hub', 'files']))
  for (const { server, headers } of hub.seen)
    expect(headers.authorization).toBe(server === 'hub' ? `Bearer ${token}` : undefined)
  const { host } = new URL(hub.state.hubOrigin)
  for (const entry of entries) expect(entry.withToken).toBe(entry.host === host)
  expect(JSON.stringify(entries)).not.toMatch(/Signature|hf_local/)
  expect(entries[0]?.purpose).not.toBe('')
})

test('connections go to the Hub and its file server only, and main itself makes none', () => {
  const ports = [hub.state.hubOrigin, hub.state.fileOrigin].map((origin) => new URL(origin).port)
  expect(connectedTo(running).filter((to) => !ports.includes(to.replace(/^.*:/, '')))).toEqual([])
  expect(connectedTo(running).length).toBeGreaterThan(1)
  const places = running.sockets().filter(({ kind }) => kind !== 'started')
  expect(new Set(places.map(({ place }) => place))).toEqual(new Set(['utility']))
  expect(new Set(places.flatMap(({ kind, to }) => (kind === 'lookup' ? [to] : [])))).toEqual(new Set(['localhost']))
})

let jobId = ''

test('switched off in the middle of a download, no connection stays and nothing is asked', async () => {
  let halfSent = 0
  let looks = 0
  const bytes = repository.files.find((file) => file.name === weights)?.bytes ?? new Uint8Array()
  // Half of the weights, and then nothing: a connection that stays open until somebody closes it.
  hub.fault = ({ server, url, headers }, response) => {
    if (server !== 'files' || !url.includes(sha256(bytes))) return false
    if (headers.range !== undefined) {
      looks += 1
      return false
    }
    response.writeHead(200, { 'content-length': bytes.byteLength })
    response.write(bytes.subarray(0, bytes.byteLength / 2))
    halfSent += 1
    return true
  }
  jobId = (await ask('jobs.install', checkpoint(name))).jobId
  // The plan and the compiler look at their header, the second beside the download: nothing else is on its way when the switch is turned.
  await expect.poll(() => ({ halfSent, looks }), patience).toEqual({ halfSent: 1, looks: 2 })
  const open = async () => (await ledger()).filter(({ durationMs }) => durationMs === null)
  await expect.poll(async () => (await open()).length, patience).toBe(1)
  await expect.poll(() => job(jobId), patience).toMatchObject({ state: 'running', stage: 'downloading', waiting: null })
  expect(hub.connections()).toBeGreaterThan(0)
  const startMs = performance.now()
  expect(await ask('settings.write', { offline: true })).toMatchObject({ offline: true, offlineByEnvironment: false })
  await expect.poll(() => hub.connections(), patience).toBe(0)
  console.info(`no connection was left ${Math.round(performance.now() - startMs)} ms after the switch`)
  await expect.poll(async () => (await job(jobId))?.waiting?.problem.code, patience).toBe('switched-off')
  const [seen, opened] = [hub.seen.length, running.sockets().length]
  const refused = await replyOfMain(running.page, 'catalog.inspect', { kind: 'repository', repository: name })
  expect(refused).toMatchObject({ ok: false, error: { code: 'failed', problem: { code: 'switched-off' } } })
  const searched = await replyOfMain(running.page, 'catalog.search', { text: 'llama' })
  expect(searched).toMatchObject({ ok: false, error: { code: 'failed', problem: { code: 'switched-off' } } })
  const waiting = async () => (await job(jobId))?.waiting
  const untilMs = (await waiting())?.untilMs ?? Number.NaN
  await ask('jobs.resume', { id: jobId })
  // It has tried once more: the next wait ends later.
  await expect.poll(async () => (await waiting())?.untilMs, patience).toBeGreaterThan(untilMs)
  expect((await waiting())?.problem.code).toBe('switched-off')
  expect([hub.seen.length, running.sockets().length, hub.connections()]).toEqual([seen, opened, 0])
})

test('a restart keeps the ledger, the switch and the job', async () => {
  const [before, seen] = [await ledger(), hub.seen.length]
  await running[Symbol.asyncDispose]()
  running = await launch()
  expect(await ledger()).toEqual(before)
  expect(before.map(lineOf).sort()).toEqual(hub.seen.map(lineOfSeen).sort())
  expect(await ask('settings.read')).toMatchObject({ offline: true })
  await expect.poll(async () => (await job(jobId))?.waiting?.problem.code, patience).toBe('switched-off')
  expect(running.sockets().filter(({ kind }) => kind !== 'started')).toEqual([])
  expect(hub.seen.length).toBe(seen)
})

test('a command beside the app is told in words that the models folder is in use, and asks the Hub for nothing', async () => {
  const seen = hub.seen.length
  const env = { ...process.env, HEARTH_HOME: home, HF_ENDPOINT: hub.state.hubOrigin, HF_HUB_OFFLINE: '' }
  const hearth = join(rootFolder, 'electron/launch/hearth.mjs')
  const pulled = await capture(process.execPath, [hearth, 'pull', otherName], { env })
  expect(pulled.code).toBe(1)
  expect(pulled.errors).toMatch(/in use/)
  expect(hub.seen.length).toBe(seen)
})

test('switched on again, the model arrives with the right bytes', async () => {
  hub.fault = null
  await ask('settings.write', { offline: false })
  await expect.poll(async () => (await job(jobId))?.state, patience).toBe('done')
  const entries = await ledger()
  expect(entries.map(lineOf).sort()).toEqual(hub.seen.map(lineOfSeen).sort())
  const models = await installedModels(home)
  expect([...models.values()].map(({ manifest }) => manifest.id)).toEqual([name])
  for (const { manifest, files } of models.values())
    for (const file of manifest.files) expect(sha256(files.get(file.name) ?? new Uint8Array())).toBe(file.sha256)
})

test('a second app on the same models folder shows its models and leaves the writing to the first', async () => {
  symlinkSync(join(home, 'models'), join(otherHome, 'models'), 'dir')
  await using second = await launchApp({ home: otherHome, hub: hub.state.hubOrigin })
  const seen = hub.seen.length
  const refused = await replyOfMain(second.page, 'jobs.install', checkpoint(otherName))
  expect(refused).toMatchObject({ ok: false, error: { code: 'failed', problem: { code: 'store-in-use' } } })
  expect(!refused.ok && refused.error.message).toMatch(/^the models folder is in use: /)
  const listed = await askMain(second.page, 'models.list')
  expect(listed.filter(({ bundled }) => !bundled).map(({ manifest }) => manifest.id)).toEqual([name])
  expect(hub.seen.length).toBe(seen)
  // Once the first has ended, the second may.
  await running[Symbol.asyncDispose]()
  expect(await replyOfMain(second.page, 'jobs.list')).toMatchObject({ ok: true })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
