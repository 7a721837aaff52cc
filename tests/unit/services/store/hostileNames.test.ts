// Names that come from a network, a manifest or another program never become paths: only hashes, UUIDs and numbers do, in four folders.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rootFolder } from '../../../../electron/launch/subprocess.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import * as storePaths from '../../../../electron/services/store/storePaths.ts'
import { manifestFileName } from '../../../../shared/model.ts'
import { modelManifestOf } from '../../../support/installedModel.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
import { content, sha256 } from '../../../support/storeModels.ts'

const { signal } = new AbortController()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-names-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const hex64 = 'ab'.repeat(32)
const hex40 = 'ab'.repeat(20)
const hostile = fc.oneof(
  fc.constantFrom(
    ...['', '.', '..', '../x', '..\\x', '%2e%2e%2fx', '/etc/passwd', 'C:\\x', 'C:x', '\\\\host\\share', 'a:b', 'a\0b'],
    ...['CON', 'nul', 'COM1.txt', 'a.', 'a ', '~', 'a\nb', '\u202eexe', 'e\u0301', 'x'.repeat(256), 'x'.repeat(5000)],
    ...[
      hex64.toUpperCase(),
      `${hex64}\n`,
      `${hex64}/x`,
      `../${hex64.slice(3)}`,
      hex64.slice(1),
      `${hex40}.part`,
      hex40,
    ],
    ...['__proto__', 'constructor', 'toString', 'hearth.json', 'store.db', manifestFileName],
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.string({ unit: fc.constantFrom('a', '0', '.', '/', '\\', '\0'), minLength: 30, maxLength: 70 }),
  // One digit away from a hash.
  fc.tuple(fc.nat({ max: 63 }), fc.string({ minLength: 1, maxLength: 1 })).map(([at, other]) => {
    return `${hex64.slice(0, at)}${other}${hex64.slice(at + 1)}`
  }),
)

test('every path is in its folder and its name is a hash, a UUID or a number, or there is no path', () => {
  const allowed = new RegExp(
    [
      '^(blobs/[0-9a-f]{64}',
      'manifests/[0-9a-f]{64}\\.json',
      'partial/(sha256-[0-9a-f]{64}|git-blob-[0-9a-f]{40})\\.(part|journal)(\\.wrong)?',
      'work/[0-9a-f-]{36}(/[0-9]+)?)$',
    ].join('|'),
  )
  const all = (name: string) => [
    () => [storePaths.blobPath(folder, name)],
    () => [storePaths.manifestPath(folder, name)],
    () => Object.values(storePaths.partPaths(folder, { kind: 'sha256', hex: name })),
    () => Object.values(storePaths.partPaths(folder, { kind: 'git-blob', hex: name })),
    () => Object.values(storePaths.quarantinePaths(folder, { kind: 'git-blob', hex: name })),
    () => [storePaths.draftFolder(folder, name)],
    () => [storePaths.draftPath(folder, name, 0)],
    () => [storePaths.draftPath(folder, '123e4567-e89b-42d3-a456-426614174000', Number(name))],
  ]
  let made = 0
  fc.assert(
    fc.property(fc.oneof(hostile, fc.constantFrom(hex64, hex40, '7')), (name) => {
      for (const paths of all(name)) {
        let found: readonly string[] = []
        try {
          found = paths()
        } catch (error) {
          expect(String(error)).toMatch(/no hash|no UUID|no number/)
        }
        made += found.length
        for (const path of found) expect(relative(folder, path).split(sep).join('/')).toMatch(allowed)
      }
    }),
    { numRuns: 2000 },
  )
  expect(made).toBeGreaterThan(0)
})

test('names of files in a model in the making stay words: on the disk are numbers', async () => {
  await using store = await createStore({ folder })
  const outside = () =>
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((path) => !/^work\/[0-9a-f-]{36}(\/\d+)?$/.test(path))
      .sort()
  const before = outside()
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      await using draft = await store.beginModel()
      await draft.write(name, content(1), signal).catch((error) => expect(String(error)).toContain('is no file name'))
      expect(outside()).toEqual(before)
    }),
    { numRuns: 300 },
  )
})

test('devices and twins are ordinary names of a model', async () => {
  await using store = await createStore({ folder })
  await using draft = await store.beginModel()
  const names = ['CON', 'nul.txt', 'A.bin', 'a.bin', 'store.db', '0']
  for (const [index, name] of names.entries()) await draft.write(name, content(index), signal)
  const files = names.map((name, index) => ({
    name,
    sizeBytes: content(index).length,
    sha256: sha256(content(index)),
  }))
  await draft.write(manifestFileName, Buffer.from(JSON.stringify(modelManifestOf('a/b', files))), signal)
  const key = await draft.commit(null, [])
  for (const index of names.keys()) expect(readFileSync(store.file(key, index)?.path ?? '')).toEqual(content(index))
})

test.each([
  ['a name that leads out', '../../outside'],
  ['a hash that leads out', 'a'],
])('a manifest with %s is refused and leaves nothing', async (_what, name) => {
  await using store = await createStore({ folder })
  await using draft = await store.beginModel()
  await draft.write('a', content(1), signal)
  const hash = name === 'a' ? '../../../../../../../../../../../../../../../../../../../../../../x' : sha256(content(1))
  const manifest = modelManifestOf('a/b', [{ name, sizeBytes: content(1).length, sha256: hash }])
  await draft.write(manifestFileName, Buffer.from(JSON.stringify(manifest)), signal)
  await expect(draft.commit(null, [])).rejects.toThrow()
  expect(store.models()).toEqual([])
  expect(await store.strays()).toEqual([])
})

test('no other module makes a path of the store', () => {
  const sources = (readdirSync(join(rootFolder, 'electron'), { recursive: true }) as string[]).filter(
    (path) => path.endsWith('.ts') && !path.endsWith(`store${sep}storePaths.ts`),
  )
  const offending = sources.flatMap((path) => {
    const text = readFileSync(join(rootFolder, 'electron', path), 'utf8')
    const lines = text.split('\n').filter((line) => makesStorePath.test(line))
    return lines.map((line) => `${path}: ${line.trim()}`)
  })
  expect(offending).toEqual([])
  for (const line of ["join(storeFolder, 'blobs', name)", 'join(store.folder, name)', 'resolve(partialFolder(x), y)'])
    expect(line).toMatch(makesStorePath)
  expect(sources.length).toBeGreaterThan(50)
})

/** Joining on the store's folder or on one of those within it. */
const makesStorePath =
  /\b(join|resolve)\((storeFolder|store\.folder|(blobs|manifests|partial|work|draft)Folder\(|\w*[fF]older, ['"`](blobs|manifests|partial|work|store\.db)['"`])/
