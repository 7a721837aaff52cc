// Installing from the local Hub: what comes out is what compiling the folder gives, byte for byte, however often it was stopped on its way.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settled } from '../../../support/fakeClock.ts'
import { binRepository, checkpoint, installRig, readyRepository, repositoryOf } from '../../../support/installRig.ts'

const { signal } = new AbortController()

test('a sharded checkpoint becomes a model', async () => {
  await using rig = await installRig([await repositoryOf('llama-bf16-sharded')])
  const job = await rig.queue.finished(rig.install(checkpoint('test/llama-bf16-sharded')), signal)
  expect(job).toMatchObject({ state: 'done', stage: 'installing', compileFraction: 1, problem: null })
  const { manifest } = await rig.model(job.modelKey)
  expect(manifest).toMatchObject({ id: 'test/llama-bf16-sharded', weightFormat: 'q4f16_1' })
  expect(manifest.inputs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'tokenizer.json']),
  )
})

test('a PyTorch checkpoint becomes a model', async () => {
  await using rig = await installRig([await binRepository()])
  const job = await rig.queue.finished(rig.install(checkpoint('test/bloom-f16-bin')), signal)
  const { manifest } = await rig.model(job.modelKey)
  expect(manifest.inputs.map(({ name }) => name)).toContain('pytorch_model.bin')
})

test('weights in MLC form become a model that uses the files it fetched', async () => {
  await using rig = await installRig([await readyRepository()])
  const job = await rig.queue.finished(
    rig.install({
      ...checkpoint('test/tiny-q4f16_1-MLC'),
      source: { kind: 'ready', repository: 'test/tiny-q4f16_1-MLC' },
    }),
    signal,
  )
  const { manifest, files } = await rig.model(job.modelKey)
  expect(manifest.quantization).toBe('round-to-nearest')
  expect(files.get('params_shard_0.bin')).toEqual(
    rig.hub.state.repositories[0]?.files.find(({ name }) => name === 'params_shard_0.bin')?.bytes,
  )
})

test('what cannot be compiled is refused before any weights are fetched', async () => {
  const repository = await repositoryOf('llama-gqa')
  const files = repository.files.filter(({ name }) => name !== 'tokenizer.json')
  await using rig = await installRig([{ ...repository, files }])
  await expect(rig.queue.finished(rig.install(checkpoint('test/llama-gqa')), signal)).rejects.toMatchObject({
    problem: { code: 'does-not-compile', detail: expect.stringContaining('tokenizer') },
  })
  const whole = rig.hub.seen.filter(({ server, headers }) => server === 'files' && headers.range === undefined)
  expect(whole.length).toBeLessThanOrEqual(1)
})

test('paused, resumed and cancelled at any point, a job ends in the same model or in none', async () => {
  const repositories = [await repositoryOf('llama-bf16-sharded')]
  const request = checkpoint('test/llama-bf16-sharded')
  let steps = 0
  const expected = await (async () => {
    await using rig = await installRig(repositories, { onStep: () => steps++ })
    const job = await rig.queue.finished(rig.install(request), signal)
    return { key: job.modelKey, files: (await rig.model(job.modelKey)).files }
  })()
  expect(steps).toBeGreaterThan(30)
  const stop = fc.record({ step: fc.nat(steps), how: fc.constantFrom('pause', 'pause', 'cancel') })
  await fc.assert(
    fc.asyncProperty(fc.array(stop, { minLength: 1, maxLength: 3 }), async (stops) => {
      let seen = 0
      let at: (() => void) | null = null
      let next = 0
      await using rig = await installRig(repositories, {
        onStep: () => {
          if (seen++ === next) at?.()
        },
      })
      let id = rig.install(request)
      for (const { step, how } of stops) {
        const reached = new Promise<void>((resolve) => {
          seen = 0
          next = step
          at = resolve
        })
        await Promise.race([reached, rig.queue.finished(id, signal)])
        if (how === 'pause') {
          await rig.queue.pause(id)
          await rig.queue.resume(id)
        } else {
          await rig.queue.cancel(id)
          expect(rig.queue.list()).toEqual([])
          id = rig.install(request)
        }
        at = null
      }
      const job = await rig.queue.finished(id, signal)
      expect(job.modelKey).toBe(expected.key)
      expect(await rig.modelKeys()).toEqual([expected.key])
      expect((await rig.model(job.modelKey)).files).toEqual(expected.files)
      await rig.queue.cancel(id)
      await settled()
    }),
    { numRuns: 12, seed: 20_260_102 },
  )
})
