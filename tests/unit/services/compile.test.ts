// Compiling in real folders: a model appears wholly or not at all.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CompileFolderRequest, compileFolder } from '../../../electron/services/compile.ts'
import { createFolder, nodeHashers, openFolder } from '../../../electron/services/files.ts'
import { createModelLibrary } from '../../../electron/services/library.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { CompileError } from '../../../shared/errors.ts'
import { noLibrary } from '../../support/noLibrary.ts'
import { referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

const { signal } = new AbortController()
let root = ''
let input = ''
let store = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hearth-compile-'))
  input = join(root, 'input')
  store = join(root, 'store')
  await mkdir(input)
  for (const [name, content] of Object.entries(await referenceCheckpoint('llama-gqa'))) {
    await writeFile(join(input, name), content)
  }
})
afterEach(async () => await rm(root, { recursive: true }))

const request = (name: string): CompileFolderRequest => ({
  input,
  output: join(store, 'test', name),
  runtime: new Uint8Array(),
  makeLibrary: noLibrary,
  options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id: `test/${name}` } },
})
const everything = async () =>
  (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('input')).sort()
const library = () => createModelLibrary({ storeFolder: store, bundledFolder: join(root, 'bundled') })

test('a compiled model is listed, and its files are found by key and index', async () => {
  const manifest = await compileFolder(request('model'), signal)
  const models = library()
  const [listed, ...others] = await models.list()
  expect(others).toEqual([])
  expect(listed).toMatchObject({ bundled: false, manifest })
  const bytes = await readFile(join(store, 'test', 'model', 'hearth.json'))
  const hash = nodeHashers.sha256()
  hash.update(bytes)
  expect(listed?.key).toBe(hash.hex())
  const found = await models.file(listed?.key ?? '', 0)
  expect(found).toMatchObject({
    path: join(store, 'test', 'model', manifest.files[0]?.name ?? ''),
    sizeBytes: manifest.files[0]?.sizeBytes,
  })
})

test('bad input leaves nothing behind', async () => {
  const weights = await readFile(join(input, 'model.safetensors'))
  weights.writeFloatLE(Number.NaN, weights.length - 4)
  await writeFile(join(input, 'model.safetensors'), weights)
  await expect(compileFolder(request('model'), signal)).rejects.toThrow(CompileError)
  expect(await everything()).toEqual(['store', 'store/test'])
})

test('aborting leaves nothing behind', async () => {
  const controller = new AbortController()
  const aborting: CompileFolderRequest = {
    ...request('model'),
    onProgress: ({ step, doneBytes, totalBytes }) => {
      if (step === 'weights' && doneBytes > totalBytes * 0.3) controller.abort(new Error('stopped by the person'))
    },
  }
  await expect(compileFolder(aborting, controller.signal)).rejects.toThrow('stopped by the person')
  expect(await everything()).toEqual(['store', 'store/test'])
})

test('a library that cannot be made leaves nothing behind', async () => {
  const makeLibrary = () => {
    throw new Error('no kernel for this shape')
  }
  await expect(compileFolder({ ...request('model'), makeLibrary }, signal)).rejects.toThrow('no kernel for this shape')
  expect(await everything()).toEqual(['store', 'store/test'])
})

test('a killed process leaves no model, and the next compilation removes what it left', async () => {
  const script = fileURLToPath(new URL('../../support/hangingCompile.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, input, join(store, 'test', 'killed')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const first = await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), exited])
  expect(String(first[0])).toBe('in the middle\n')
  child.kill('SIGKILL')
  await exited
  const left = await everything()
  expect(left.some((path) => path.includes('.hearth-'))).toBe(true)
  expect(await library().list()).toEqual([])
  expect(await library().problems()).toEqual([])
  await compileFolder(request('model'), signal)
  expect((await readdir(join(store, 'test'))).sort()).toEqual(['model'])
  expect((await library().list()).map(({ manifest }) => manifest.id)).toEqual(['test/model'])
})

test('what is there already is not replaced', async () => {
  await compileFolder(request('model'), signal)
  const before = await readFile(join(store, 'test', 'model', 'hearth.json'))
  await expect(compileFolder(request('model'), signal)).rejects.toThrow('model: is there already')
  expect(await readFile(join(store, 'test', 'model', 'hearth.json'))).toEqual(before)
  expect(await readdir(join(store, 'test'))).toEqual(['model'])
})

test('two compilations into one name: one wins, the other fails, and nothing else stays', async () => {
  const outcomes = await Promise.allSettled([
    compileFolder(request('model'), signal),
    compileFolder(request('model'), signal),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const lost = outcomes.find((outcome) => outcome.status === 'rejected')
  expect(String(lost?.reason)).toBe('CompileError: model: is there already')
  expect(await readdir(join(store, 'test'))).toEqual(['model'])
  expect((await library().list()).length).toBe(1)
})

test('an input folder that is missing is named', async () => {
  await expect(compileFolder({ ...request('model'), input: join(root, 'nowhere') }, signal)).rejects.toThrow(
    'nowhere: no such folder',
  )
})

test('a folder source opens only files that stand in the folder; links are followed as in the Hub cache', async () => {
  await writeFile(join(root, 'outside'), 'secret')
  await symlink(join(root, 'outside'), join(input, 'linked'))
  await using source = await openFolder(input)
  for (const name of ['../outside', '/etc/passwd', 'missing', '', '.', 'input/../../outside']) {
    await expect(source.open(name)).rejects.toThrow('not found')
  }
  expect((await source.open('linked')).sizeBytes).toBe(6)
})

test('reading beyond the end of a file is an error', async () => {
  await writeFile(join(input, 'short'), 'abc')
  await using source = await openFolder(input)
  const short = await source.open('short')
  expect(Buffer.from(await short.read(1, 2, signal)).toString()).toBe('bc')
  await expect(short.read(1, 3, signal)).rejects.toThrow('short: byte 3: the file ends early')
})

test('a folder sink refuses names that are not plain file names', async () => {
  await using sink = await createFolder(join(root, 'out'))
  for (const name of ['../x', 'a/b', '', '.hidden', 'a\u0000', 'x'.repeat(200)]) {
    await expect(sink.write(name, new Uint8Array(1), signal)).rejects.toThrow('is no file name for a model')
  }
})
