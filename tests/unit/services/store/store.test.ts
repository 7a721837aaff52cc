// The models folder against a plain account of what it must hold, through any order of things that can happen to it.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import type { Store, StoredBlob } from '../../../../electron/services/store/store.ts'
import { workFolder } from '../../../../electron/services/store/storePaths.ts'
import { manifestFileName } from '../../../../shared/model.ts'
import { modelManifestOf } from '../../../support/installedModel.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
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
      readonly kept: readonly number[]
    }
  | { readonly kind: 'abandon'; readonly content: number }
  | { readonly kind: 'remove' | 'mend'; readonly which: number }
  | { readonly kind: 'collect' | 'restart' | 'crash' }

const number = fc.integer({ min: 0, max: 5 })
const numbers = fc.uniqueArray(number, { maxLength: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), content: number }),
  fc.record({
    kind: fc.constant('install' as const),
    id: number,
    written: numbers,
    shared: numbers,
    kept: numbers,
  }),
  fc.record({ kind: fc.constant('abandon' as const), content: number }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'mend' as const), which: number }),
  fc.record({ kind: fc.constantFrom('collect' as const, 'restart' as const, 'crash' as const) }),
)

/** What a models folder must hold, in plain words. */
interface Account {
  /** By key. */
  readonly models: Map<string, Extract<Step, { readonly kind: 'install' }>>
  readonly content: Set<number>
}

const usedBy = ({ written, shared, kept }: Extract<Step, { readonly kind: 'install' }>) =>
  new Set([...written, ...shared, ...kept])
const sizeOf = (seeds: Iterable<number>) => [...seeds].reduce((sum, seed) => sum + content(seed).byteLength, 0)
const usedByOthers = ({ models }: Account, key: string | null) =>
  new Set([...models].flatMap(([other, model]) => (other === key ? [] : [...usedBy(model)])))
const hashOf = (seed: number) => ({ kind: 'sha256', hex: sha256(content(seed)) }) as const

async function take(one: Step, store: Store, account: Account): Promise<void> {
  const { models, content: there } = account
  switch (one.kind) {
    case 'publish':
      await publish(store, content(one.content))
      there.add(one.content)
      return
    case 'install': {
      const checkpoint: StoredBlob[] = []
      for (const seed of one.kept) checkpoint.push(await publish(store, content(seed)))
      for (const seed of [...one.kept, ...one.shared]) there.add(seed)
      const made = install(store, `a/${one.id}`, one.written.map(content), one.shared.map(content), { checkpoint })
      const key = await made.catch((error: { readonly problem?: { readonly code: string } }) => {
        expect(error.problem?.code).toBe('already-installed')
        return null
      })
      if (key === null) return
      expect(models.has(key)).toBe(false)
      models.set(key, one)
      for (const seed of one.written) there.add(seed)
      return
    }
    case 'abandon':
      await (await store.beginModel()).write('x.bin', content(one.content), signal)
      return
    case 'collect': {
      const unused = [...there].filter((seed) => !usedByOthers(account, null).has(seed))
      expect(await store.collect(store.unused().map((blob) => blob.sha256))).toBe(sizeOf(unused))
      for (const seed of unused) there.delete(seed)
      return
    }
    case 'remove': {
      const [key, model] = [...models][one.which] ?? []
      if (key === undefined || model === undefined) return
      const others = usedByOthers(account, key)
      const own = [...usedBy(model)].filter((seed) => !others.has(seed))
      expect(store.records().find((record) => record.key === key)?.ownBytes).toBe(sizeOf(own))
      expect(await store.remove(key)).toBe(sizeOf(own))
      models.delete(key)
      for (const seed of own) there.delete(seed)
      return
    }
    case 'mend': {
      const [key, model] = [...models][one.which] ?? []
      const [seed] = model?.written ?? []
      if (key === undefined || model === undefined || seed === undefined) return
      await store.withdraw(hashOf(seed).hex)
      store.checked(key, [{ file: 'file0.bin', detail: 'it is missing', badBlocks: null }])
      expect(new Set(store.repairPlan(key).map((item) => item.sha256))).toEqual(new Set([hashOf(seed).hex]))
      expect(await install(store, `a/${model.id}`, model.written.map(content), model.shared.map(content))).toBe(key)
      return
    }
    case 'restart':
    case 'crash':
      return
    default:
      one satisfies never
  }
}

function compare(store: Store, { models, content: there }: Account): void {
  expect(store.models().map(({ key }) => key)).toEqual(expect.arrayContaining([...models.keys()]))
  expect(store.models()).toHaveLength(models.size)
  for (const [key, { written, shared, kept }] of models) {
    for (const [index, seed] of [...written, ...shared].entries()) {
      const file = store.file(key, index)
      expect(readFileSync(file?.path ?? '')).toEqual(content(seed))
      expect(file?.sizeBytes).toBe(content(seed).byteLength)
    }
    expect(new Set(store.checkpoint(key).map((blob) => blob.sha256))).toEqual(
      new Set(kept.map((seed) => hashOf(seed).hex)),
    )
  }
  const blobs = [0, 1, 2, 3, 4, 5].filter((seed) => store.blob(hashOf(seed)) !== null)
  expect(new Set(blobs)).toEqual(there)
}

test('whatever happens in whatever order, every model is whole and deleting frees what nothing else uses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      let place = mkdtempSync(join(folder, 'run-'))
      let store = await createStore({ folder: place })
      const account: Account = { models: new Map(), content: new Set() }
      for (const one of steps) {
        if (one.kind === 'restart') {
          await store[Symbol.asyncDispose]()
          store = await createStore({ folder: place })
        } else if (one.kind === 'crash') {
          // As a killed process leaves it: nothing was closed, the log of the database is beside it.
          const after = mkdtempSync(join(folder, 'run-'))
          cpSync(place, after, { recursive: true })
          await store[Symbol.asyncDispose]()
          place = after
          store = await createStore({ folder: place })
          expect(readdirSync(workFolder(place))).toEqual([])
        } else await take(one, store, account)
        compare(store, account)
      }
      expect(await store.strays()).toEqual([])
      await store[Symbol.asyncDispose]()
    }),
    { numRuns: 80 },
  )
}, 120_000)
