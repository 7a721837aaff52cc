// Checking and repairing installed models: what was damaged on the disk is found, and made the same as before.
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blobPath } from '../../../../electron/services/store/storePaths.ts'
import {
  checkpoint,
  installedModels,
  installRig,
  type Rig,
  readyRepository,
  repositoryOf,
} from '../../../support/installRig.ts'

const { signal } = new AbortController()
const sharded = 'test/llama-bf16-sharded'
const ready = 'test/tiny-q4f16_1-MLC'

/** With a compiled model. */
async function rigWith(): Promise<Rig & { readonly key: string }> {
  const rig = await installRig({ repositories: [await repositoryOf('llama-bf16-sharded')] })
  const job = await rig.models.jobs.finished(await rig.models.jobs.install(checkpoint(sharded)), signal)
  return Object.assign(rig, { key: job.modelKey ?? '' })
}

async function run({ models: { jobs } }: Rig, id: string) {
  return await jobs.finished(id, signal)
}

const recordOf = async ({ models }: Rig, key: string) => (await models.records()).find((record) => record.key === key)

async function flip(rig: Rig, sha256: string): Promise<void> {
  await using file = await open(blobPath(join(rig.home, 'models'), sha256), 'r+')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 100)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 100)
}

test('a whole model is found whole, and its record says when', async () => {
  await using rig = await rigWith()
  const before = Date.now()
  const job = await run(rig, await rig.models.jobs.verify(rig.key))
  expect(job).toMatchObject({ kind: 'verify', title: sharded, state: 'done', stage: 'checking' })
  const record = await recordOf(rig, rig.key)
  expect(record?.damage).toEqual([])
  expect(record?.lastVerifiedAtMs).toBeGreaterThanOrEqual(before)
})

test('a flipped bit and a missing file are found, and repair compiles the same model again', async () => {
  await using rig = await rigWith()
  const expected = await installedModels(rig.home)
  const files = expected.get(rig.key)?.manifest.files ?? []
  const [weights, tokenizer] = ['params_shard_0.bin', 'tokenizer.json'].map((name) =>
    files.find((file) => file.name === name),
  )
  await flip(rig, weights?.sha256 ?? '')
  await rm(blobPath(join(rig.home, 'models'), tokenizer?.sha256 ?? ''))
  await run(rig, await rig.models.jobs.verify(rig.key))
  expect((await recordOf(rig, rig.key))?.damage.map(({ file }) => file).sort()).toEqual([
    'params_shard_0.bin',
    'tokenizer.json',
  ])
  const job = await run(rig, await rig.models.jobs.repair(rig.key))
  expect(job).toMatchObject({ kind: 'repair', state: 'done', modelKey: rig.key })
  expect((await recordOf(rig, rig.key))?.damage).toEqual([])
  expect(await installedModels(rig.home)).toEqual(expected)
})

test('a published file that is damaged is fetched again', async () => {
  await using rig = await installRig({ repositories: [await readyRepository()] })
  const request = { ...checkpoint(ready), source: { kind: 'ready', repository: ready } } as const
  const key = (await run(rig, await rig.models.jobs.install(request))).modelKey ?? ''
  const expected = await installedModels(rig.home)
  const weights = expected.get(key)?.manifest.files.find(({ name }) => name === 'params_shard_0.bin')
  await flip(rig, weights?.sha256 ?? '')
  await run(rig, await rig.models.jobs.repair(key))
  expect(await installedModels(rig.home)).toEqual(expected)
})

test('repairing what is whole changes nothing and asks nobody', async () => {
  await using rig = await rigWith()
  const seen = rig.hub.seen.length
  expect(await run(rig, await rig.models.jobs.repair(rig.key))).toMatchObject({ state: 'done', modelKey: rig.key })
  expect(rig.hub.seen.length).toBe(seen)
})

test('a model made from a folder says that it has to be installed again', async () => {
  await using rig = await installRig({ repositories: [] })
  const folder = join(rig.home, 'given')
  const { files } = await repositoryOf('llama-gqa')
  await mkdir(folder)
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes)
  const { token } = await rig.models.folder(folder)
  const request = { ...checkpoint(''), source: { kind: 'folder', token } } as const
  const key = (await run(rig, await rig.models.jobs.install(request))).modelKey ?? ''
  const [, { manifest } = { manifest: null }] = [...(await installedModels(rig.home))][0] ?? []
  await flip(rig, manifest?.files[0]?.sha256 ?? '')
  await expect(run(rig, await rig.models.jobs.repair(key))).rejects.toMatchObject({
    problem: { code: 'does-not-compile', detail: expect.stringContaining('from a folder') },
  })
  expect((await recordOf(rig, key))?.damage.length).toBe(1)
})

test('a bundled model can be checked, and a key that nobody knows is no model', async () => {
  await using rig = await installRig({ repositories: [] })
  const bundled = (await rig.models.records()).find(({ place }) => place === 'bundled')
  await run(rig, await rig.models.jobs.verify(bundled?.key ?? ''))
  expect(await recordOf(rig, bundled?.key ?? '')).toMatchObject({ damage: [], lastVerifiedAtMs: expect.any(Number) })
  await expect(rig.models.jobs.verify('f'.repeat(64))).rejects.toMatchObject({ problem: { code: 'not-installed' } })
})
