// `hearth pull` as people run it: a process, a Hub, a data folder. Its exit code and its last line say how it went.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../../hub/hubAnswer.ts'
import { type LocalHub, startLocalHub } from '../../hub/localHub.ts'
import { installedModels, repositoryOf, temporaryHome } from '../../support/installRig.ts'

const program = fileURLToPath(new URL('../../../electron/launch/hearth.mjs', import.meta.url))
const id = 'test/llama-bf16-sharded'
let home = ''
let hub: LocalHub

beforeEach(async () => {
  home = await temporaryHome()
  hub = await startLocalHub({ repositories: [await repositoryOf('llama-bf16-sharded')], requestsLeft: 1e9 })
})
afterEach(async () => {
  await hub[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, HOME: home, HEARTH_HOME: home, HF_ENDPOINT: hub.state.hubOrigin },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }))
  return { child, ended }
}

const hearth = async (...args: readonly string[]) => await start(...args).ended
const pull = () => start('pull', id, '--quantization', 'round-to-nearest')
const listed = async () =>
  (JSON.parse((await hearth('list', '--json')).output) as readonly { readonly id: string }[])
    .map((model) => model.id)
    .filter((name) => !name.startsWith('hearth/'))

test('downloads, verifies, compiles and installs; then it is listed, sound, and can be removed', async () => {
  const { code, errors } = await pull().ended
  expect([code, errors.trim().split('\n').at(-1)]).toEqual([0, expect.stringMatching(`${id} is installed`)])
  expect(await listed()).toEqual([id])
  expect(await hearth('verify', id)).toMatchObject({ code: 0, output: `${id}: sound\n` })
  expect(await pull().ended).toMatchObject({ code: 1, errors: expect.stringContaining(`${id}: installed already`) })
  expect((await hearth('rm', id)).code).toBe(0)
  expect(await listed()).toEqual([])
})

test('wrong bytes: exit code 1, one line that names the file, and nothing is listed', async () => {
  const { repositories } = hub.state
  const shard = repositories[0]?.files.find(({ name }) => name === 'model-00002-of-00002.safetensors')
  if (shard === undefined) throw new Error('no such file')
  // Both answers of the file server, that for the header and that for the whole, have one flipped bit.
  const wrong = Buffer.from(shard.bytes)
  wrong[wrong.length - 10] = (wrong[wrong.length - 10] ?? 0) ^ 1
  let served = 0
  hub.fault = ({ server, url }, response) => {
    if (server !== 'files' || !url.includes(sha256(shard.bytes))) return false
    // The look at the header comes first and may see the right ones: then the download alone is wrong.
    if (++served === 1) return false
    response.writeHead(200, { 'content-length': wrong.length }).end(wrong)
    return true
  }
  const { code, errors } = await pull().ended
  const lines = errors.trim().split('\n')
  expect(code).toBe(1)
  expect(lines.at(-1)).toMatch(/^hearth: .*model-00002-of-00002\.safetensors: expected /)
  expect(lines.filter((line) => line.includes('model-00002-of-00002')).length).toBe(1)
  expect(await listed()).toEqual([])
})

test('killed in the middle, the next pull goes on with what is there', async () => {
  const whole = pull()
  expect((await whole.ended).code).toBe(0)
  const expected = await installedModels(home)
  await hearth('rm', id)
  const stalled = Promise.withResolvers<void>()
  let times = 0
  hub.fault = ({ url }) => {
    const isLast = url.includes('model-00002-of-00002.safetensors') && ++times > 1
    if (isLast) stalled.resolve()
    return isLast
  }
  const { child, ended } = pull()
  await stalled.promise
  const first = hub.state.repositories[0]?.files.find(({ name }) => name === 'model-00001-of-00002.safetensors')
  const there = () => readdir(join(home, 'models', 'blobs'))
  await expect.poll(there, { timeout: 20_000 }).toContain(sha256(first?.bytes ?? new Uint8Array()))
  child.kill('SIGKILL')
  expect((await ended).code).toBe(null)
  expect(await listed()).toEqual([])
  hub.fault = null
  const before = hub.seen.length
  expect((await pull().ended).code).toBe(0)
  expect(hub.seen.slice(before).some(({ url }) => url.includes('model-00001-of-00002'))).toBe(false)
  expect(await installedModels(home)).toEqual(expected)
})

test('no network at all: exit code 1 and a line that names the host', async () => {
  const { hubOrigin } = hub.state
  await hub[Symbol.asyncDispose]()
  const { code, errors } = await pull().ended
  expect(code).toBe(1)
  expect(errors.trim().split('\n').at(-1)).toContain(new URL(hubOrigin).host)
  hub = await startLocalHub({ repositories: [] })
})
