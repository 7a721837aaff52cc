// The memory of a model by its configuration alone, beside what web-llm's device really holds once the model is loaded and has written: the bundled model
// and two that are made here, one of attention and one of recurrent layers. What is measured is what the app measures (deviceMemory.ts).
import { expect, test } from 'vitest'
import { type DeviceMemory, watchDeviceMemory } from '../../renderer/inference/deviceMemory.ts'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import { memoryAt, needsOfConfig } from '../../shared/fit/needs.ts'
import { modelManifest } from '../../shared/model.ts'
import { requestTestAdapter } from '../support/device.ts'
import { randomSource } from '../support/random.ts'
import { readRepositoryFile } from '../support/repositoryFile.ts'
import { readRuntime } from '../support/runtime.ts'
import { syntheticModel } from '../support/syntheticModel.ts'
import { type InMemoryModel, loadEngine } from '../support/webLlm.ts'

const format = 'q4f16_1'
const isNode = typeof window === 'undefined'
const target = isNode ? 'half' : 'software'
const bundled = 'resources/models/tinystories-15m'

const likeLlama = {
  model_type: 'llama',
  hidden_size: 512,
  intermediate_size: 1376,
  num_hidden_layers: 4,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 4000,
  max_position_embeddings: 1024,
  rms_norm_eps: 1e-5,
}
const likeMamba = {
  model_type: 'mamba',
  hidden_size: 512,
  intermediate_size: 1024,
  num_hidden_layers: 4,
  state_size: 16,
  conv_kernel: 4,
  time_step_rank: 32,
  vocab_size: 4000,
  layer_norm_epsilon: 1e-5,
  use_bias: false,
  use_conv_bias: true,
}

const allModels: readonly { name: string; config: unknown; load: (config: unknown) => Promise<InMemoryModel> }[] = [
  { name: 'the bundled model', config: await readJson(`${bundled}/config.json`), load: () => bundledModel() },
  { name: 'a model like Llama', config: likeLlama, load: async (config) => madeModel(config) },
  { name: 'a model like Mamba', config: likeMamba, load: async (config) => madeModel(config) },
]
// lavapipe takes a quarter of a minute per model, and with half precision differs in the cache alone.
const models = isNode ? allModels.filter(({ config }) => config === likeLlama) : allModels

test.for(models)('memory of $name is what its device holds, within 10 %', async ({ name, config, load }) => {
  const model = await load(config)
  const held = await heldBy(model)
  const contextTokens = JSON.parse(new TextDecoder().decode(model.files.get('mlc-chat-config.json')))
    .context_window_size as number
  const { totalBytes } = memoryAt(needsOfConfig(config, { format, target }), contextTokens)
  const error = totalBytes / held.liveBytes - 1
  console.info(
    `${name}: predicted ${totalBytes}, held ${held.liveBytes} in ${held.liveBuffers} buffers, error ${(100 * error).toFixed(1)} %, most ever ${held.peakBytes}`,
  )
  expect(Math.abs(error)).toBeLessThan(0.1)
})

/** Once it is loaded and has written a few tokens. */
async function heldBy(model: InMemoryModel): Promise<DeviceMemory> {
  // Asked for once before: in Node that brings WebGPU's names.
  await requestTestAdapter()
  const { requestDevice } = GPUAdapter.prototype
  let read = (): DeviceMemory => ({ liveBytes: Number.NaN, peakBytes: Number.NaN, liveBuffers: Number.NaN })
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor)
    read = watchDeviceMemory(device)
    return device
  }
  try {
    const engine = await loadEngine(model)
    await engine.forwardTokensAndSample([3, 4, 5], true)
    await engine.forwardTokensAndSample([6], false)
    const held = read()
    await engine.unload()
    return held
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice
  }
}

function madeModel(config: unknown): Promise<InMemoryModel> {
  const spec = requireArchitecture(config).spec(config)
  return readRuntime().then((runtime) => {
    const model = syntheticModel({ spec, format, chunkTokens: 512, next: randomSource(5), runtime })
    return { files: model.files, library: model.library(target) }
  })
}

async function bundledModel(): Promise<InMemoryModel> {
  const manifest = modelManifest.parse(await readJson(`${bundled}/base/hearth.json`))
  const files = manifest.files.map(
    async ({ name }) => [name, await readRepositoryFile(`${bundled}/base/${name}`)] as const,
  )
  const library = await readRepositoryFile(`${bundled}/base/${manifest.libraries[target]}`)
  return { files: new Map(await Promise.all(files)), library }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await readRepositoryFile(path)))
}
