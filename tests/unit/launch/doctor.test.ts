// What `hearth doctor` says of folders in every state, and what it never says.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DoctorReport, doctor } from '../../../electron/launch/doctor.ts'
import { createTerminal } from '../../../electron/launch/terminal.ts'
import { createStore } from '../../../electron/services/store/createStore.ts'
import type { HardwareReport } from '../../../shared/hardware.ts'
import { wholeAccount } from '../../support/foreignCache.ts'
import { contentOf, installContent, sha256Of } from '../../support/modelsFolder.ts'
import { mountSmallDisk } from '../../support/tmpfs.ts'

const { signal } = new AbortController()
let root: string
let home: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-doctor-'))
  home = join(root, 'home')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const hardware: HardwareReport = {
  system: { platform: 'linux', name: 'Example', version: '1', architecture: 'x64' },
  processor: { name: 'Example', cores: 2, threads: 4 },
  memory: { totalBytes: 8e9, availableBytes: 4e9 },
  graphics: [],
  disk: { freeBytes: 1e9, totalBytes: 2e9 },
  budget: { memoryBytes: 4e9, reason: 'half of the memory' },
  probe: null,
}

async function ask(
  json: boolean,
  environment: Readonly<Record<string, string>> = {},
  problems: readonly string[] = [],
) {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const parts = {
    environment: { HEARTH_HOME: home, HF_TOKEN_PATH: join(root, 'no token'), ...environment },
    version: '1.2.3',
    libraryProblems: async () => problems,
    readHardware: async () => hardware,
  }
  const code = await doctor(parts, { json }, createTerminal(output, errors), signal)
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? ''
  return { code, output: text(output), errors: text(errors) }
}

async function report(environment?: Readonly<Record<string, string>>) {
  const { code, output } = await ask(true, environment)
  return { code, ...(JSON.parse(output) as DoctorReport) }
}

const parent = () => join(home, 'models')

test('without a data folder nothing is wrong, and none is made', async () => {
  const { code, output, errors } = await ask(false)
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(output).toContain('1.2.3')
  expect(output).toContain('not there yet')
  expect(output).toContain('Nothing is wrong.')
  expect(output).toContain('Memory: 8.0 GB, 4.0 GB available')
  expect(existsSync(home)).toBe(false)
})

test('models, content, downloads and unknown files are counted, and looking changes nothing', async () => {
  {
    await using store = await createStore({ folder: parent() })
    await installContent(store, 'somebody/model', [contentOf(3), contentOf(4)])
    writeFileSync(store.partPaths({ kind: 'sha256', hex: 'a'.repeat(64) }).part, 'a part')
    writeFileSync(join(store.folder, 'blobs', 'b'.repeat(64)), 'of nobody')
  }
  // Folders aside, whose times change, and what SQLite keeps beside a database that is read.
  const filesNow = () =>
    wholeAccount(home).filter(
      ([name, mode]) => (Number(mode) & 0o170000) !== 0o040000 && !/store\.db-(wal|shm)$/.test(String(name)),
    )
  const before = filesNow()
  const { code, store, problems } = await report()
  expect(filesNow().map((file) => file.join(' '))).toEqual(before.map((file) => file.join(' ')))
  expect({ code, problems }).toEqual({ code: 0, problems: [] })
  expect(store).toMatchObject({
    models: 1,
    content: { count: 2, sizeBytes: contentOf(3).length + contentOf(4).length },
    missing: { count: 0 },
    strays: { count: 1, sizeBytes: 9 },
    parts: { count: 1, sizeBytes: 6 },
    writer: null,
    movedWith: null,
  })
})

test.each(['missing', 'of another size'])('content that is %s is wrong', async (how) => {
  {
    await using store = await createStore({ folder: parent() })
    await installContent(store, 'somebody/model', [contentOf(3)])
  }
  const blob = join(parent(), 'blobs', sha256Of(contentOf(3)))
  if (how === 'missing') rmSync(blob)
  else writeFileSync(blob, 'short')
  const { code, output, errors } = await ask(false)
  expect(code).toBe(1)
  expect(output).toContain('1 thing wrong.')
  expect(errors).toContain('hearth verify names the models')
  expect((await report()).store.missing).toEqual({ count: 1, sizeBytes: contentOf(3).length })
})

test('a database that is none is wrong', async () => {
  mkdirSync(parent(), { recursive: true })
  writeFileSync(join(parent(), 'store.db'), 'no database at all, but a text of some length')
  const { code, store, problems } = await report()
  expect({ code, models: store.models }).toEqual({ code: 1, models: null })
  expect(problems).toHaveLength(1)
})

test('who writes to the folder is told, and goes on', async () => {
  await using store = await createStore({ folder: parent() })
  const { code, store: seen } = await report()
  expect(code).toBe(0)
  expect(seen.writer).toContain(process.platform === 'linux' ? `process ${process.pid}` : 'another Hearth')
  await installContent(store, 'somebody/model', [contentOf(3)])
  expect((await report()).store.models).toBe(1)
})

test('no token and no password is printed, wherever it comes from', async () => {
  mkdirSync(home)
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ proxy: 'http://me:secret-one@proxy:8080' }))
  writeFileSync(join(home, 'token'), 'secret-two')
  writeFileSync(join(root, 'token'), 'hf_secret-three')
  const environments = [
    {},
    { HF_TOKEN: 'hf_secret-four' },
    { HF_TOKEN_PATH: join(root, 'token') },
    { HTTPS_PROXY: 'http://a:secret-five@b' },
  ]
  for (const environment of environments) {
    for (const json of [false, true]) {
      const { output, errors } = await ask(json, environment)
      expect(output + errors).not.toMatch(/secret|me:/)
      expect(output).toContain('proxy:8080')
    }
  }
  expect((await report()).settings?.token).toBe('stored')
  rmSync(join(home, 'token'))
  expect((await report({ HF_TOKEN: 'hf_secret-four' })).settings?.token).toBe('environment')
  expect((await report({ HF_TOKEN_PATH: join(root, 'token') })).settings?.token).toBe('file')
})

test.each([
  ['settings that are no JSON', '{', {}, 'settings.json cannot be read'],
  [
    'a moved folder that is not there',
    JSON.stringify({ modelsFolder: '/nothing/models' }),
    {},
    'is its disk connected?',
  ],
  ['a Hub that is no address', '{}', { HF_ENDPOINT: 'ftp://hub' }, 'HF_ENDPOINT'],
] as const)('%s are wrong', async (_name, settings, environment, detail) => {
  mkdirSync(home)
  writeFileSync(join(home, 'settings.json'), settings)
  const { code, problems } = await report(environment)
  expect(code).toBe(1)
  expect(problems.join('\n')).toContain(detail)
})

test('a folder that is no model is wrong', async () => {
  const { code, errors } = await ask(false, {}, ['/models/x is left out: file0.bin is missing'])
  expect({ code, errors }).toEqual({ code: 1, errors: 'hearth: /models/x is left out: file0.bin is missing\n' })
})

test('a data folder that cannot be written is wrong', async ({ skip }) => {
  using disk = mountSmallDisk(8)
  if (disk === null) return skip('no disk of its own')
  home = join(disk.folder, 'home')
  {
    await using _store = await createStore({ folder: parent() })
  }
  disk.remount('ro')
  const { code, folders, problems } = await report()
  expect(code).toBe(1)
  expect(folders.map(({ isWritable }) => isWritable)).toEqual([false, false])
  expect(problems).toContain(`${home} cannot be written`)
})
