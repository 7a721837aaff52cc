// Models of other programs: found in their caches as those programs lay them out, in hostile ones too, and never changed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRepositoryId } from '../../../../electron/services/hub/names.ts'
import { findForeign } from '../../../../electron/services/store/foreign.ts'
import { foreignPlaces } from '../../../../electron/services/store/foreignPlaces.ts'
import {
  checkpointFiles,
  commitOf,
  readyFiles,
  wholeAccount,
  writeFiles,
  writeSnapshot,
} from '../../../support/foreignCache.ts'
import { mountSmallDisk } from '../../../support/tmpfs.ts'

const { signal } = new AbortController()
let root: string
let cache: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-foreign-'))
  cache = join(root, 'hub')
  mkdirSync(cache)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const inHub = (folder = cache, limit?: number) => findForeign([{ kind: 'hugging-face-cache', folder }], signal, limit)
const inMlc = (folder: string) => findForeign([{ kind: 'mlc', folder }], signal)
const sizeOf = (files: Readonly<Record<string, string>>) => Object.values(files).join('').length

describe('the places are those of the programs', () => {
  test('by their variables and by default, each once', () => {
    const environment = {
      HF_HUB_CACHE: '/a',
      HF_HOME: '~/b',
      XDG_CACHE_HOME: '/c',
      MLC_LLM_HOME: '/d',
      MLC_LLM_READONLY_WEIGHT_CACHE: ['/e', '/f'].join(process.platform === 'win32' ? ';' : ':'),
    }
    expect(foreignPlaces(environment, 'linux', '/home/me').map(({ kind, folder }) => `${kind} ${folder}`)).toEqual([
      'hugging-face-cache /a',
      'hugging-face-cache /home/me/b/hub',
      'hugging-face-cache /c/huggingface/hub',
      'hugging-face-cache /home/me/.cache/huggingface/hub',
      'mlc /d/model_weights',
      'mlc /c/mlc_llm/model_weights',
      'mlc /home/me/.cache/mlc_llm/model_weights',
      'mlc /e',
      'mlc /f',
    ])
  })

  test('empty variables count as none', () => {
    const environment = { HF_HUB_CACHE: '', HF_HOME: '', XDG_CACHE_HOME: '', MLC_LLM_READONLY_WEIGHT_CACHE: '' }
    expect(foreignPlaces(environment, 'linux', '/home/me')).toHaveLength(2)
  })
})

describe('a model is found', () => {
  test.each(['links', 'copies'] as const)('in a snapshot of %s, with the size of its files', async (form) => {
    const path = writeSnapshot(cache, 'somebody/model', checkpointFiles, commitOf('a'), form)
    // One blob for two equal files in a cache of links, two files in one of copies.
    const sizeBytes = sizeOf(checkpointFiles) - (form === 'links' ? '{}'.length : 0)
    expect(await inHub()).toEqual([{ kind: 'hugging-face-cache', name: 'somebody/model', sizeBytes, path }])
  })

  test('in each snapshot, that of the main branch first', async () => {
    const older = writeSnapshot(cache, 'somebody/model', checkpointFiles, commitOf('b'))
    const other = writeSnapshot(cache, 'somebody/model', checkpointFiles, commitOf('a'))
    writeFileSync(join(cache, 'models--somebody--model', 'refs', 'main'), commitOf('b'))
    expect((await inHub()).map(({ path }) => path)).toEqual([older, other])
  })

  test("in MLC's form in Hugging Face's cache", async () => {
    writeSnapshot(cache, 'mlc-ai/model', { ...readyFiles, 'config.json': '{}' })
    expect(await inHub()).toMatchObject([{ kind: 'mlc', name: 'mlc-ai/model' }])
  })

  test.each(['tensor-cache.json', 'ndarray-cache.json'])("in MLC's own cache, with %s", async (table) => {
    const files = { 'mlc-chat-config.json': '{}', [table]: '{}', 'params_shard_0.bin': 'x' }
    const weights = join(root, 'model_weights')
    const path = writeFiles(join(weights, 'hf', 'mlc-ai', 'model'), files)
    writeFiles(join(weights, 'someone', 'older'), files)
    const found = await inMlc(weights)
    expect(found.map(({ name }) => name)).toEqual(['mlc-ai/model', 'someone/older'])
    expect(found[0]).toEqual({ kind: 'mlc', name: 'mlc-ai/model', sizeBytes: sizeOf(files), path })
  })

  test('once, where two variables name one folder', async () => {
    writeSnapshot(cache, 'somebody/model', checkpointFiles)
    symlinkSync(cache, join(root, 'link'))
    const places = [cache, join(root, 'link'), join(root, 'nothing')].map((folder) => ({
      kind: 'hugging-face-cache' as const,
      folder,
    }))
    expect(await findForeign(places, signal)).toHaveLength(1)
  })
})

describe('nothing is found', () => {
  test.each([
    ['without a configuration', { 'model.safetensors': 'x' }],
    ['without weights', { 'config.json': '{}', 'tokenizer.json': '{}' }],
    ['with weights of another form', { 'config.json': '{}', 'model.gguf': 'x' }],
    ['with a configuration of MLC and no table', { 'mlc-chat-config.json': '{}', 'config.json': '{}' }],
  ])('in a snapshot %s', async (_name, files) => {
    writeSnapshot(cache, 'somebody/model', files)
    expect((await inHub()).filter(({ kind }) => kind === 'hugging-face-cache')).toEqual([])
  })

  test.each([
    'models--gpt2',
    'datasets--a--b',
    'models--a--b--c',
    'models--..--b',
    'models--a--b.git',
    'models--',
    'models----',
    'x',
  ])('under the name %s', async (folder) => {
    writeFiles(join(cache, folder, 'snapshots', commitOf('a')), checkpointFiles)
    expect(await inHub()).toEqual([])
  })

  test('in a snapshot that is named by no commit', async () => {
    writeSnapshot(cache, 'somebody/model', checkpointFiles, 'main')
    expect(await inHub()).toEqual([])
  })

  test('where a link leads out of the cache, to another file or to another folder', async () => {
    writeFiles(join(root, 'private'), { ...checkpointFiles, 'key.txt': 'a secret' })
    const folder = writeSnapshot(cache, 'somebody/one', checkpointFiles)
    symlinkSync(join(root, 'private', 'key.txt'), join(folder, 'vocab.txt'))
    mkdirSync(join(cache, 'models--somebody--two', 'snapshots'), { recursive: true })
    symlinkSync(join(root, 'private'), join(cache, 'models--somebody--two', 'snapshots', commitOf('a')))
    symlinkSync(join(root, 'private'), join(cache, 'models--somebody--three'))
    expect(await inHub()).toEqual([])
  })

  test('in loops and at links that lead nowhere, and what lies beside them is', async () => {
    const folder = writeSnapshot(cache, 'somebody/model', checkpointFiles)
    symlinkSync('loop.bin', join(folder, 'loop.bin'))
    symlinkSync('../../blobs/nothing', join(folder, 'model-2.safetensors'))
    symlinkSync('..', join(cache, 'models--somebody--loop'))
    symlinkSync('.', join(folder, 'again'))
    expect(await inHub()).toMatchObject([{ name: 'somebody/model', sizeBytes: sizeOf(checkpointFiles) - 2 }])
  })

  test('in pipes, which nobody waits at', async ({ skip }) => {
    const folder = writeSnapshot(cache, 'somebody/model', { 'config.json': '{}' })
    if (spawnSync('mkfifo', [join(folder, 'model.safetensors')]).status !== 0) return skip('no pipes here')
    rmSync(join(cache, 'models--somebody--model', 'refs', 'main'))
    spawnSync('mkfifo', [join(cache, 'models--somebody--model', 'refs', 'main')])
    expect(await inHub()).toEqual([])
  })
})

test('a cache of more entries than the limit takes a bounded time, and can be stopped', async () => {
  for (let index = 0; index < 800; index++) mkdirSync(join(cache, `models--a--${index}`))
  writeSnapshot(cache, 'a/zero', checkpointFiles)
  expect(await inHub(cache, 100)).toEqual([])
  expect(await inHub()).toHaveLength(1)
  const stop = new AbortController()
  const finding = findForeign([{ kind: 'hugging-face-cache', folder: cache }], stop.signal)
  stop.abort(new Error('enough'))
  await expect(finding).rejects.toThrow('enough')
})

test('of a folder that cannot be read nothing is found, and of the others everything', async ({ skip }) => {
  if (spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'true']).status !== 0)
    return skip('this user cannot become another')
  writeSnapshot(cache, 'somebody/model', checkpointFiles)
  writeSnapshot(cache, 'somebody/closed', checkpointFiles)
  spawnSync('chmod', ['755', root])
  spawnSync('chmod', ['000', join(cache, 'models--somebody--closed', 'snapshots')])
  const code = `import { findForeign } from ${JSON.stringify(join(import.meta.dirname, '../../../../electron/services/store/foreign.ts'))}
    const found = await findForeign([{ kind: 'hugging-face-cache', folder: ${JSON.stringify(cache)} }], new AbortController().signal)
    process.stdout.write(JSON.stringify(found.map(({ name }) => name)))`
  const child = spawnSync(
    'setpriv',
    ['--reuid=65534', '--clear-groups', process.execPath, '--input-type=module', '-e', code],
    { encoding: 'utf8' },
  )
  expect(child.stderr).toBe('')
  expect(JSON.parse(child.stdout)).toEqual(['somebody/model'])
})

describe('nothing is changed', () => {
  const fill = (folder: string) => {
    writeSnapshot(join(folder, 'hub'), 'somebody/model', checkpointFiles)
    writeSnapshot(join(folder, 'hub'), 'mlc-ai/model', readyFiles)
    writeFiles(join(folder, 'weights', 'hf', 'mlc-ai', 'other'), readyFiles)
    return [
      { kind: 'hugging-face-cache' as const, folder: join(folder, 'hub') },
      { kind: 'mlc' as const, folder: join(folder, 'weights') },
    ]
  }

  test('by finding', async () => {
    const places = fill(root)
    const before = wholeAccount(root)
    expect(await findForeign(places, signal)).toHaveLength(3)
    expect(wholeAccount(root)).toEqual(before)
  })

  test('and a disk that cannot be written serves as well', async ({ skip }) => {
    using disk = mountSmallDisk(8)
    if (disk === null) return skip('no disk of its own')
    const places = fill(disk.folder)
    disk.remount('ro')
    expect(await findForeign(places, signal)).toHaveLength(3)
  })
})

test('whatever lies in a cache, it is not changed, nothing throws, and what is found has a name of a repository and lies in the cache', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      'models--a--b',
      'snapshots',
      commitOf('a'),
      'config.json',
      'model.safetensors',
      'mlc-chat-config.json',
      'tensor-cache.json',
      'refs',
      'main',
    ),
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .map((text) => text.replaceAll(/[/\0]/g, '_'))
      .filter((text) => text !== '.' && text !== '..' && text.isWellFormed()),
  )
  const path = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 5 }),
    fc.tuple(part, part).map(([repository, file]) => [repository, 'snapshots', commitOf('a'), file]),
    part.map((file) => ['models--a--b', 'snapshots', commitOf('a'), file]),
  )
  const entry = fc.record({
    path,
    what: fc.oneof(
      fc.constant({ kind: 'file' as const }),
      fc.record({
        kind: fc.constant('link' as const),
        to: fc.oneof(fc.constantFrom('.', '..', '/etc', '/etc/hostname', '../../..', 'config.json'), part),
      }),
    ),
  })
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
      count += 1
      const folder = join(root, `hostile-${count}`)
      mkdirSync(folder)
      for (const { path: parts, what } of entries) {
        try {
          mkdirSync(join(folder, ...parts.slice(0, -1)), { recursive: true })
          if (what.kind === 'file') writeFileSync(join(folder, ...parts), 'x', { flag: 'wx' })
          else symlinkSync(what.to, join(folder, ...parts))
        } catch {
          // A file lies where a folder is wanted: the other entries are enough.
        }
      }
      const before = wholeAccount(folder)
      const found = [...(await inHub(folder)), ...(await inMlc(folder))]
      expect(wholeAccount(folder)).toEqual(before)
      for (const { name, path: place } of found) {
        expect(isRepositoryId(name)).toBe(true)
        expect(place.startsWith(`${folder}/`)).toBe(true)
      }
    }),
    { numRuns: 100, seed: 11 },
  )
})
