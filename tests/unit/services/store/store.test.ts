// The models folder against a plain account of what it must hold, through any order of things that can happen to it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { manifestFileName } from '../../../../shared/model.ts'
import { modelManifestOf } from '../../../support/installedModel.ts'
import { quickFolder } from '../../../support/smallDisk.ts'
import { content, gitBlob, install, publish, sha256 } from '../../../support/storeModels.ts'

const { signal } = new AbortController()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('content', () => {
  test('counts once it is published, under its sha256 and its git blob id', async () => {
    await using store = await createStore({ folder })
    const bytes = content(3)
    const hash = { kind: 'git-blob', hex: gitBlob(bytes) } as const
    expect(store.blob(hash)).toBeNull()
    const blob = await publish(store, bytes, 'git-blob')
    expect(store.blob(hash)).toEqual(blob)
    expect(store.blob({ kind: 'sha256', hex: sha256(bytes) })).toEqual(blob)
    expect(readFileSync(blob.path)).toEqual(bytes)
    expect(existsSync(store.partPaths(hash).part)).toBe(false)
  })

  test('is there for the next process', async () => {
    const bytes = content(4)
    {
      await using store = await createStore({ folder })
      await publish(store, bytes)
    }
    await using store = await createStore({ folder })
    expect(store.blob({ kind: 'sha256', hex: sha256(bytes) })?.sizeBytes).toBe(bytes.byteLength)
  })

  test('only hashes become names', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('../../x', 'a'.repeat(63), 'A'.repeat(64), '0x'),
    )
    return createStore({ folder }).then(async (store) => {
      fc.assert(
        fc.property(any, (hex) => {
          fc.pre(!/^[0-9a-f]{64}$/.test(hex))
          expect(() => store.partPaths({ kind: 'sha256', hex })).toThrow('no hash')
        }),
      )
      await store[Symbol.asyncDispose]()
    })
  })
})

describe('a model', () => {
  test('appears with its commit, as its manifest says', async () => {
    await using store = await createStore({ folder })
    const [one, two] = [content(1), content(2)]
    const key = await install(store, 'somebody/model', [one], [two])
    expect(store.models()).toMatchObject([{ key, bundled: false, manifest: { id: 'somebody/model' } }])
    expect(readFileSync(store.file(key, 0)?.path ?? '')).toEqual(one)
    expect(readFileSync(store.file(key, 1)?.path ?? '')).toEqual(two)
    expect(store.file(key, 2)).toBeNull()
  })

  test('that is not committed leaves nothing', async () => {
    await using store = await createStore({ folder })
    {
      await using draft = await store.beginModel()
      await draft.write('a.bin', content(1), signal)
    }
    expect(store.models()).toEqual([])
    expect(await install(store, 'a/b', [content(1)])).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['a file is missing', [], 'file0.bin'],
    ['a file is another blob', [content(9)], 'file0.bin'],
  ])('is refused where %s', async (_name, shared, named) => {
    await using store = await createStore({ folder })
    await using draft = await store.beginModel()
    const bytes = content(1)
    const files = [{ name: 'file0.bin', sizeBytes: bytes.byteLength, sha256: sha256(bytes) }]
    for (const other of shared) draft.use('file0.bin', await publish(store, other))
    await draft.write(manifestFileName, Buffer.from(JSON.stringify(modelManifestOf('a/b', files))), signal)
    await expect(draft.commit(null, [])).rejects.toThrow(named)
    expect(store.models()).toEqual([])
  })

  test('that is there already is not installed twice', async () => {
    await using store = await createStore({ folder })
    await install(store, 'a/b', [content(1)])
    await expect(install(store, 'a/b', [content(1)])).rejects.toMatchObject({ problem: { code: 'already-installed' } })
    expect(store.models()).toHaveLength(1)
  })

  test('is remembered with its use, its checks and its figures', async () => {
    await using store = await createStore({ folder, now: () => 7 })
    const key = await install(store, 'a/b', [content(1)])
    const measured = { key, adapterName: 'card', memoryBytes: 5, contextTokens: 9, loadMs: 1, measuredAtMs: 2 }
    store.measured({ ...measured, decodeTokensPerSecond: null })
    store.measured({ ...measured, decodeTokensPerSecond: 3 })
    store.checked(key, [{ file: 'file0.bin', detail: 'wrong', badBlocks: null }])
    expect(store.records()).toEqual([
      {
        key,
        place: 'store',
        sizeBytes: content(1).byteLength,
        ownBytes: content(1).byteLength,
        addedAtMs: 7,
        lastUsedAtMs: 7,
        lastVerifiedAtMs: 7,
        origin: null,
        damage: [{ file: 'file0.bin', detail: 'wrong', badBlocks: null }],
        measurements: [{ ...measured, decodeTokensPerSecond: 3 }],
      },
    ])
  })
})

test('a second writer is refused, and let in when the first has gone', async () => {
  const first = await createStore({ folder })
  await expect(createStore({ folder })).rejects.toMatchObject({ problem: { code: 'store-in-use' } })
  await first[Symbol.asyncDispose]()
  await using second = await createStore({ folder })
  expect(second.models()).toEqual([])
})

/** What happens, by small numbers that name content and models. */
type Step =
  | { readonly kind: 'publish'; readonly content: number }
  | {
      readonly kind: 'install'
      readonly id: number
      readonly written: readonly number[]
      readonly shared: readonly number[]
    }
  | { readonly kind: 'abandon'; readonly content: number }
  | { readonly kind: 'remove'; readonly which: number }
  | { readonly kind: 'restart' }

const number = fc.integer({ min: 0, max: 5 })
const numbers = fc.uniqueArray(number, { maxLength: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), content: number }),
  fc.record({ kind: fc.constant('install' as const), id: number, written: numbers, shared: numbers }),
  fc.record({ kind: fc.constant('abandon' as const), content: number }),
  fc.record({ kind: fc.constant('remove' as const), which: number }),
  fc.record({ kind: fc.constant('restart' as const) }),
)

test('whatever happens in whatever order, every model is whole and deleting frees what nothing else uses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const place = mkdtempSync(join(folder, 'run-'))
      let store = await createStore({ folder: place })
      const expected = new Map<string, readonly number[]>()
      for (const one of steps) {
        if (one.kind === 'publish') await publish(store, content(one.content))
        else if (one.kind === 'install') {
          const files = [...one.written, ...one.shared]
          const made = install(store, `a/${one.id}`, one.written.map(content), one.shared.map(content))
          const key = await made.catch((error: { readonly problem?: { readonly code: string } }) => {
            expect(error.problem?.code).toBe('already-installed')
            return null
          })
          if (key !== null) expected.set(key, files)
        } else if (one.kind === 'abandon') await (await store.beginModel()).write('x.bin', content(one.content), signal)
        else if (one.kind === 'restart') {
          await store[Symbol.asyncDispose]()
          store = await createStore({ folder: place })
        } else {
          const key = [...expected.keys()][one.which]
          if (key === undefined) continue
          const before = store.records().find((record) => record.key === key)
          expect(await store.remove(key)).toBe(before?.ownBytes)
          expected.delete(key)
        }
      }
      expect(
        store
          .models()
          .map(({ key }) => key)
          .sort(),
      ).toEqual([...expected.keys()].sort())
      for (const [key, files] of expected) {
        for (const [index, seed] of files.entries()) {
          const file = store.file(key, index)
          expect(sha256(readFileSync(file?.path ?? ''))).toBe(sha256(content(seed)))
          expect(statSync(file?.path ?? '').size).toBe(file?.sizeBytes)
        }
      }
      await store[Symbol.asyncDispose]()
    }),
    { numRuns: 60 },
  )
}, 120_000)
