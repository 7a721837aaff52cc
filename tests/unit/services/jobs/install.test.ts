// Installing from the local Hub: what comes out is what compiling the folder gives, byte for byte.
import { expect, test } from 'vitest'
import { modelManifest } from '../../../../shared/model.ts'
import { installRig, repositoryOf } from '../../../support/installRig.ts'

const { signal } = new AbortController()
const request = (repository: string) =>
  ({
    kind: 'install',
    folder: null,
    request: {
      source: { kind: 'checkpoint', repository },
      format: 'q4f16_1',
      quantization: 'round-to-nearest',
      contextTokens: null,
      keepCheckpoint: false,
    },
  }) as const

test('a sharded checkpoint becomes a model', async () => {
  await using rig = await installRig([await repositoryOf('llama-bf16-sharded')])
  const id = rig.queue.add(request('test/llama-bf16-sharded'), 'test/llama-bf16-sharded')
  const job = await rig.queue.finished(id, signal)
  expect(job).toMatchObject({ state: 'done', compileFraction: 1, problem: null })
  const files = rig.models.get(job.modelKey ?? '')
  const manifest = modelManifest.parse(JSON.parse(Buffer.from(files?.get('hearth.json') ?? []).toString()))
  expect(manifest.id).toBe('test/llama-bf16-sharded')
  expect(manifest.inputs.map(({ name }) => name)).toContain('model-00002-of-00002.safetensors')
})
