// A model loaded with a shorter context than it was compiled for, as the window offers it where the whole one does not fit: it computes the same and takes
// less, by what each token of its cache takes.
import { expect, test } from 'vitest'
import { watchDeviceMemory } from '../../renderer/inference/deviceMemory.ts'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import { memoryAt, needsOfConfig } from '../../shared/fit/needs.ts'
import { requestTestAdapter } from '../support/device.ts'
import { randomSource } from '../support/random.ts'
import { readRuntime } from '../support/runtime.ts'
import { syntheticModel } from '../support/syntheticModel.ts'
import { type InMemoryModel, loadEngine, recordLogits } from '../support/webLlm.ts'

const target = typeof window === 'undefined' ? 'half' : 'software'
const format = 'q4f16_1'
const config = {
  model_type: 'llama',
  hidden_size: 256,
  intermediate_size: 512,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 1000,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-5,
}

test('with a quarter of its context a model computes the same and takes as much less as is said', async () => {
  const spec = requireArchitecture(config).spec(config)
  const runtime = await readRuntime()
  const { files, library } = syntheticModel({ spec, format, chunkTokens: 256, next: randomSource(5), runtime })
  const model = { files, library: library(target) }
  const whole = await written(model)
  const shorter = await written({ ...model, options: { context_window_size: 512 } })
  expect(whole.logits).toHaveLength(4)
  expect(shorter.logits).toEqual(whole.logits)
  const needs = needsOfConfig(config, { format, target })
  const spared = memoryAt(needs, 2048).totalBytes - memoryAt(needs, 512).totalBytes
  expect(spared).toBeGreaterThan(1e6)
  expect((whole.heldBytes - shorter.heldBytes) / spared).toBeCloseTo(1, 1)
})

/** The logits behind a prompt and each of a few tokens, and what the device holds then. */
async function written(model: InMemoryModel) {
  await requestTestAdapter()
  const { requestDevice } = GPUAdapter.prototype
  let heldBytes = () => Number.NaN
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor)
    const read = watchDeviceMemory(device)
    heldBytes = () => read().liveBytes
    return device
  }
  try {
    const { processor, logits } = recordLogits()
    const engine = await loadEngine({ ...model, logitProcessor: processor })
    await engine.forwardTokensAndSample([3, 4, 5], true)
    for (const token of [6, 700, 8]) await engine.forwardTokensAndSample([token], false)
    const held = heldBytes()
    await engine.unload()
    return { logits, heldBytes: held }
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice
  }
}
