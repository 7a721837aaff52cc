import { mkdir, mkdtemp, readFile, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compileFolder } from '../../../electron/services/compile.ts'
import { createModelLibrary } from '../../../electron/services/library.ts'
import { hearthPaths } from '../../../electron/services/paths.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { noLibrary } from '../../support/noLibrary.ts'
import { referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

let root = ''
let storeFolder = ''
let bundledFolder = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hearth-library-'))
  storeFolder = join(root, 'store')
  bundledFolder = join(root, 'bundled')
  await mkdir(join(root, 'input'))
  for (const [name, content] of Object.entries(await referenceCheckpoint('llama-mha'))) {
    await writeFile(join(root, 'input', name), content)
  }
})
afterEach(async () => await rm(root, { recursive: true }))

async function install(folder: string, id: string) {
  await compileFolder(
    {
      input: join(root, 'input'),
      output: folder,
      runtime: new Uint8Array(),
      makeLibrary: noLibrary,
      options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id } },
    },
    new AbortController().signal,
  )
}
const open = () => createModelLibrary({ storeFolder, bundledFolder })

test('without any folder there are no models', async () => {
  expect(await open().list()).toEqual([])
  expect(await open().problems()).toEqual([])
})

test('bundled models stand first, each list by id, one or two folders deep', async () => {
  await install(join(storeFolder, 'b', 'two'), 'b/two')
  await install(join(storeFolder, 'a', 'one'), 'a/one')
  await install(join(bundledFolder, 'z'), 'z/bundled')
  expect((await open().list()).map(({ bundled, manifest }) => [bundled, manifest.id])).toEqual([
    [true, 'z/bundled'],
    [false, 'a/one'],
    [false, 'b/two'],
  ])
})

test('an unknown key or index, and a file that changed its size, give nothing', async () => {
  await install(join(storeFolder, 'a', 'one'), 'a/one')
  const library = open()
  const [model] = await library.list()
  const key = model?.key ?? ''
  const files = model?.manifest.files ?? []
  expect(await library.file('0'.repeat(64), 0)).toBeNull()
  for (const index of [-1, files.length, 0.5, Number.NaN]) expect(await library.file(key, index)).toBeNull()
  const shard = files.findIndex(({ name }) => name === 'params_shard_0.bin')
  expect(await library.file(key, shard)).toMatchObject({ sizeBytes: files[shard]?.sizeBytes })
  await truncate(join(storeFolder, 'a', 'one', 'params_shard_0.bin'), 10)
  expect(await library.file(key, shard)).toBeNull()
})

test('a damaged model is not listed and its problem is told', async () => {
  const folder = join(storeFolder, 'a', 'one')
  const manifest = join(folder, 'hearth.json')
  await install(folder, 'a/one')
  const good = await readFile(manifest, 'utf8')
  const problemAfter = async (damage: () => Promise<void>) => {
    await damage()
    expect(await open().list()).toEqual([])
    const [problem] = await open().problems()
    return problem
  }
  const damaged = { folder, problem: 'hearth.json is damaged or from another version of Hearth' }
  for (const text of [
    '',
    '{',
    'null',
    good.slice(0, -20),
    good.replace('"format": 1', '"format": 2'),
    good.replace('params_shard_0.bin', '../x'),
  ]) {
    expect(await problemAfter(() => writeFile(manifest, text))).toEqual(damaged)
  }
  await writeFile(manifest, good)
  expect(await problemAfter(() => truncate(join(folder, 'tokenizer.json'), 5))).toMatchObject({
    problem: expect.stringMatching(/^tokenizer\.json has 5 bytes, expected \d+$/),
  })
  expect(await problemAfter(() => unlink(join(folder, 'tokenizer.json')))).toEqual({
    folder,
    problem: 'tokenizer.json is missing',
  })
})

test('the same model in two places is one model', async () => {
  await install(join(storeFolder, 'a', 'one'), 'a/one')
  await install(join(bundledFolder, 'one'), 'a/one')
  expect((await open().list()).map(({ bundled }) => bundled)).toEqual([true])
})

test('HEARTH_HOME names the data folder; without it the platform does', () => {
  expect(hearthPaths({ HEARTH_HOME: '/data/h' }, 'linux', '/home/a')).toEqual({
    home: '/data/h',
    models: '/data/h/models',
  })
  expect(hearthPaths({ HEARTH_HOME: '', XDG_DATA_HOME: '/x' }, 'linux', '/home/a').home).toBe('/x/hearth')
  expect(hearthPaths({}, 'linux', '/home/a').home).toBe('/home/a/.local/share/hearth')
  expect(hearthPaths({}, 'darwin', '/Users/a').home).toBe('/Users/a/Library/Application Support/Hearth')
})

const hasProc = process.platform === 'linux'
if (!hasProc) console.info('skipped: a manifest that cannot be read (the test takes a file of /proc)')
test.skipIf(!hasProc)('a manifest that cannot be read is a problem of its own folder only', async () => {
  await install(join(bundledFolder, 'z'), 'z/bundled')
  const locked = join(storeFolder, 'a', 'locked')
  await install(locked, 'a/locked')
  // A file that even root cannot read: this process's memory, whose first page is nobody's.
  await unlink(join(locked, 'hearth.json'))
  await symlink('/proc/self/mem', join(locked, 'hearth.json'))
  expect((await open().list()).map(({ manifest }) => manifest.id)).toEqual(['z/bundled'])
  expect(await open().problems()).toEqual([{ folder: locked, problem: 'hearth.json cannot be read' }])
})
