// Installing from the local Hub: what comes out is what compiling the folder gives, byte for byte, however often it was stopped on its way.
import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileFolder } from '../../../../electron/services/compile.ts'
import { makeLibrary } from '../../../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../../../shared/compiler/quantize/roundToNearest.ts'
import type { InstallRequest, Job } from '../../../../shared/jobs.ts'
import type { SeenRequest } from '../../../hub/localHub.ts'
import {
  checkpoint,
  commit,
  installedModels,
  installRig,
  type Rig,
  readyRepository,
  repositoryOf,
} from '../../../support/installRig.ts'
import { readRuntime } from '../../../support/runtime.ts'

const { signal } = new AbortController()
const sharded = 'test/llama-bf16-sharded'

async function install({ models: { jobs } }: Rig, request: InstallRequest) {
  return await jobs.finished(await jobs.install(request), signal)
}

async function only(rig: Rig) {
  const [[key, model], ...others] = [...(await installedModels(rig.home))] as [[string, Installed], ...unknown[]]
  expect(others).toEqual([])
  return { key, ...model }
}
type Installed = Awaited<ReturnType<typeof installedModels>> extends ReadonlyMap<string, infer Model> ? Model : never

/** Not the look at its header: every job is past that. */
function isDownload({ models }: Rig, { server }: SeenRequest): boolean {
  return server === 'files' && models.jobs.list().every(({ stage }) => stage === 'downloading')
}

/** What lies in the models folder beside databases and logs, by folder. */
async function left({ home }: Rig) {
  const names = (folder: string) => readdir(join(home, 'models', folder))
  return { blobs: await names('blobs'), partial: await names('partial'), work: await names('work') }
}

test('a sharded checkpoint becomes the model that compiling its folder gives, and nothing else is left', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('llama-bf16-sharded')] })
  const job = await install(rig, checkpoint(sharded))
  expect(job).toMatchObject({ title: sharded, state: 'done', stage: 'installing', compileFraction: 1, problem: null })
  const { key, manifest, files } = await only(rig)
  expect(key).toBe(job.modelKey)
  const input = join(rig.home, 'input')
  await mkdir(input)
  for (const { name, bytes } of rig.hub.state.repositories[0]?.files ?? []) await writeFile(join(input, name), bytes)
  const { id, description, provenance } = manifest
  const compiled = await compileFolder(
    {
      input,
      output: join(rig.home, 'output'),
      options: {
        format: 'q4f16_1',
        quantizer: roundToNearest,
        description: { id, description, provenance },
        repository: sharded,
      },
      runtime: await readRuntime(),
      makeLibrary,
    },
    signal,
  )
  expect(manifest).toEqual(compiled)
  for (const { name, sha256 } of manifest.files)
    expect(
      createHash('sha256')
        .update(files.get(name) ?? '')
        .digest('hex'),
    ).toBe(sha256)
  const { blobs, partial, work } = await left(rig)
  expect(blobs.sort()).toEqual([...new Set(manifest.files.map(({ sha256 }) => sha256))].sort())
  expect([partial, work]).toEqual([[], []])
  const [record] = (await rig.models.records()).filter((one) => one.key === key)
  expect(record).toMatchObject({ place: 'store', origin: { kind: 'checkpoint', repository: sharded, commit } })
})

test('a PyTorch checkpoint becomes a model; kept, its files stay beside it', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('bloom-f16-bin')] })
  await install(rig, { ...checkpoint('test/bloom-f16-bin'), keepCheckpoint: true })
  const { manifest } = await only(rig)
  const weights = manifest.inputs.find(({ name }) => name === 'pytorch_model.bin')
  expect((await left(rig)).blobs).toContain(weights?.sha256)
})

test('weights in MLC form become a model that uses the files it fetched', async () => {
  await using rig = await installRig({ repositories: [await readyRepository()] })
  const repository = 'test/tiny-q4f16_1-MLC'
  await install(rig, { ...checkpoint(repository), source: { kind: 'ready', repository } })
  const { manifest, files } = await only(rig)
  expect(manifest.quantization).toBe('round-to-nearest')
  expect(files.get('params_shard_0.bin')).toEqual(
    Buffer.from(rig.hub.state.repositories[0]?.files.find(({ name }) => name === 'params_shard_0.bin')?.bytes ?? []),
  )
})

test('a folder is read in place: a checkpoint is compiled, weights in MLC form stay where they lie', async () => {
  const repositories = [await repositoryOf('llama-gqa'), await readyRepository()]
  await using rig = await installRig({ repositories })
  for (const { id, files } of repositories) {
    const folder = join(rig.home, id)
    await mkdir(folder, { recursive: true })
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes)
    const before = await readdir(folder)
    const { token } = await rig.models.folder(folder)
    await install(rig, { ...checkpoint(id), source: { kind: 'folder', token } })
    expect(await readdir(folder)).toEqual(before)
  }
  const records = (await rig.models.records()).filter(({ place }) => place === 'store' || place === 'in-place')
  expect(records.map(({ place, origin }) => [place, origin])).toEqual([
    ['store', null],
    ['in-place', null],
  ])
  expect(rig.hub.seen).toEqual([])
})

test('what cannot be compiled is refused before any weights are fetched', async () => {
  const repository = await repositoryOf('llama-gqa')
  const files = repository.files.filter(({ name }) => name !== 'tokenizer.json')
  await using rig = await installRig({ repositories: [{ ...repository, files }] })
  await expect(install(rig, checkpoint('test/llama-gqa'))).rejects.toMatchObject({
    problem: { code: 'does-not-compile', detail: expect.stringContaining('tokenizer') },
  })
  // Looked at once: so small a file is read whole for its header.
  expect(rig.hub.seen.filter(({ server }) => server === 'files').length).toBe(1)
  expect(await left(rig)).toEqual({ blobs: [], partial: [], work: [] })
})

test('what is installed is not installed again; in another format it is a model of its own', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('llama-gqa')] })
  await install(rig, checkpoint('test/llama-gqa'))
  await expect(install(rig, checkpoint('test/llama-gqa'))).rejects.toMatchObject({
    problem: { code: 'already-installed', name: 'test/llama-gqa' },
  })
  await install(rig, { ...checkpoint('test/llama-gqa'), format: 'q4f32_1' })
  expect((await installedModels(rig.home)).size).toBe(2)
})

test('two jobs that fetch the same files: cancelling one leaves the other what it needs', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('llama-gqa')], installsAtOnce: 2 })
  // The weights do not come, but for the look at their header.
  rig.hub.fault = (request) => isDownload(rig, request)
  const { jobs } = rig.models
  const first = await jobs.install(checkpoint('test/llama-gqa'))
  const second = await jobs.install({ ...checkpoint('test/llama-gqa'), format: 'q4f32_1' })
  const hasTokenizer = ({ files }: Job) => files.some(({ name, isVerified }) => name === 'tokenizer.json' && isVerified)
  await expect.poll(() => jobs.list().map(hasTokenizer), { timeout: 20_000 }).toEqual([true, true])
  await jobs.pause(second)
  await jobs.cancel(first)
  rig.hub.fault = null
  const seen = rig.hub.seen.length
  await jobs.resume(second)
  await jobs.finished(second, signal)
  expect((await only(rig)).manifest.weightFormat).toBe('q4f32_1')
  // What was there already was not fetched again.
  expect(rig.hub.seen.slice(seen).some(({ url }) => url.includes('tokenizer.json'))).toBe(false)
})

test('an installation that was under way goes on after a restart, with the commit and files it began with', async () => {
  const repositories = [await repositoryOf('llama-bf16-sharded')]
  await using rig = await installRig({ repositories })
  const last = repositories[0]?.files.find(({ name }) => name === 'model-00002-of-00002.safetensors')
  const stalled = Promise.withResolvers<void>()
  rig.hub.fault = (request) => {
    const isLast =
      isDownload(rig, request) &&
      request.url.includes(
        createHash('sha256')
          .update(last?.bytes ?? '')
          .digest('hex'),
      )
    if (isLast) stalled.resolve()
    return isLast
  }
  const id = await rig.models.jobs.install(checkpoint(sharded))
  await stalled.promise
  await rig.restart()
  rig.hub.fault = null
  const listed = rig.hub.seen.filter(({ url }) => url.includes('/tree/')).length
  const job = await rig.models.jobs.finished(id, signal)
  expect(job.modelKey).toBe((await only(rig)).key)
  expect(rig.hub.seen.filter(({ url }) => url.includes('/tree/')).length).toBe(listed)
})

test('offline, a job waits in sight; switched on again, it goes on by itself', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('llama-gqa')], tries: null })
  const { jobs } = rig.models
  rig.network.configure({ ...rig.network.configuration(), offline: true })
  const id = await jobs.install(checkpoint('test/llama-gqa'))
  await expect.poll(() => jobs.list()[0]?.waiting?.problem.code, { timeout: 20_000 }).toBe('switched-off')
  expect(jobs.list()[0]?.state).toBe('running')
  expect(rig.hub.seen).toEqual([])
  rig.network.configure({ ...rig.network.configuration(), offline: false })
  expect(await jobs.finished(id, signal)).toMatchObject({ state: 'done', waiting: null })
})

test('paused, resumed, cancelled and restarted at any point, a job ends in the same model or in none', async () => {
  const repositories = [await repositoryOf('llama-bf16-sharded')]
  let points = 0
  const expected = await (async () => {
    await using rig = await installRig({ repositories, onRequest: () => points++ })
    const watching = new AbortController()
    rig.models.jobs.watch(() => points++, watching.signal)
    await install(rig, checkpoint(sharded))
    return await installedModels(rig.home)
  })()
  const stop = fc.record({
    /** So many requests later, or where there are fewer, so many milliseconds: the compiler asks for nothing. */
    requests: fc.nat(points),
    milliseconds: fc.nat(120),
    how: fc.constantFrom('pause', 'restart', 'cancel'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(stop, { minLength: 1, maxLength: 3 }), async (stops) => {
      let waitFor = { requests: 0, reached: () => {} }
      await using rig = await installRig({
        repositories,
        onRequest: () => {
          if (waitFor.requests-- === 0) waitFor.reached()
        },
      })
      let id = await rig.models.jobs.install(checkpoint(sharded))
      for (const { requests, milliseconds, how } of stops) {
        await new Promise<void>((resolve) => {
          waitFor = { requests, reached: resolve }
          setTimeout(resolve, milliseconds)
        })
        if (how === 'restart') await rig.restart()
        else if (how === 'pause') {
          await rig.models.jobs.pause(id)
          expect((await left(rig)).work).toEqual([])
          await rig.models.jobs.resume(id)
        } else if (rig.models.jobs.list()[0]?.state !== 'done') {
          await rig.models.jobs.cancel(id)
          expect(rig.models.jobs.list()).toEqual([])
          expect([...(await installedModels(rig.home)).keys()]).toEqual([])
          expect(await left(rig)).toEqual({ blobs: [], partial: [], work: [] })
          id = await rig.models.jobs.install(checkpoint(sharded))
        }
        const between = await installedModels(rig.home)
        if (between.size > 0) expect(between).toEqual(expected)
      }
      await rig.models.jobs.finished(id, signal)
      expect(await installedModels(rig.home)).toEqual(expected)
      expect((await left(rig)).work).toEqual([])
    }),
    { numRuns: 6, seed: 20_260_102 },
  )
})
