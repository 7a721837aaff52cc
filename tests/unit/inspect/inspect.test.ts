// What a folder is said to be: real folders of reference checkpoints, changed one file at a time.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { inspectionText } from '../../../electron/launch/inspect.ts'
import { openFolder } from '../../../electron/services/files.ts'
import { inspectCheckpoint } from '../../../shared/inspect/inspect.ts'
import { inspectSource } from '../../../shared/inspect/inspectSource.ts'
import { otherForm, otherFormSentences } from '../../../shared/inspect/otherForm.ts'
import { tinyPublishedModel } from '../../support/publishedModel.ts'

const root = await mkdtemp(join(tmpdir(), 'hearth-inspect-'))
afterAll(() => rm(root, { recursive: true }))
const bundled = fileURLToPath(new URL('../../../resources/models/tinystories-15m', import.meta.url))

async function inspected(name: string, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = join(root, name)
  await rm(folder, { recursive: true, force: true })
  await cp(join(bundled, 'config.json'), join(folder, 'config.json'))
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content)
  await using source = await openFolder(folder)
  return await inspectCheckpoint(source, name, AbortSignal.timeout(60_000))
}

test('a folder without weights still says what it is, and what is missing', async () => {
  const tokenizer = await readFile(join(bundled, 'base', 'tokenizer.json'))
  const found = await inspected('vicuna-7b-v1.5', {
    'tokenizer.json': tokenizer,
    'README.md': '---\nlicense: mit\n---\n',
  })
  expect(found.obstacle).toMatch(/^model\.safetensors: not found/)
  expect(found).toMatchObject({ architecture: 'llama', licence: 'mit', weightFiles: [] })
  expect(found.variant).toEqual({
    kind: 'chat',
    template: 'vicuna-v1.1',
    reason: { kind: 'tuned', repository: 'vicuna-7b-v1.5' },
  })
  const shard = await readFile(join(bundled, 'base', 'params_shard_0.bin'))
  expect(found.sizes.find(({ format }) => format === 'q4f16_1')?.sizeBytes).toBe(shard.length)
  expect(inspectionText(found)).toMatch(/^compiles: {5}no: model\.safetensors: not found[^\n]*\narchitecture: llama\n/)
})

test.for([
  ['a LoRA adapter', ['adapter_config.json', 'adapter_model.safetensors'], /adapter \(LoRA\)/],
  ['GGUF only', ['config.json', 'model.Q4_K_M.gguf'], /GGUF/],
  ['GPTQ', ['config.json', 'model.safetensors', 'quantize_config.json'], /quantized already/],
  ['MLC weights', ['mlc-chat-config.json', 'ndarray-cache.json', 'params_shard_0.bin'], /MLC form/],
  ['Meta’s own files', ['consolidated.00.pth', 'params.json'], /-hf/],
  ['a model of Hearth', ['hearth.json', 'library.half.wasm'], /already/],
  ['Flax alone', ['config.json', 'flax_model.msgpack'], /Flax/],
] as const)('%s is told by its files', ([, names, expected]) => {
  const form = otherForm(names)
  expect(form === null ? '' : otherFormSentences[form]).toMatch(expected)
})

test('weights beside other forms count', () => {
  expect(otherForm(['config.json', 'model.safetensors', 'flax_model.msgpack', 'model.gguf'])).toBeNull()
  expect(otherForm(['config.json', 'pytorch_model-00001-of-00002.bin', 'adapter_config.json'])).toBeNull()
})

test('an unknown architecture and quantized weights are named with the field', async () => {
  const unknown = await inspected('unknown', { 'config.json': '{"model_type":"t5"}' })
  expect(unknown).toMatchObject({ architecture: 't5', parameters: null, variant: null, sizes: [] })
  expect(unknown.obstacle).toMatch(/^config\.json: model_type: "t5", expected one of llama/)
  const quantized = await inspected('gptq', {
    'config.json': '{"model_type":"llama","quantization_config":{"quant_method":"gptq"}}',
  })
  expect(quantized.obstacle).toMatch(/quantization_config: the weights are already quantized/)
})

test('a folder with weights in MLC form is said to run, on the command line too', async () => {
  const { files } = await tinyPublishedModel('stablelm', 'q4f16_1', 3)
  const folder = await mkdtemp(join(root, 'ready-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  await using source = await openFolder(folder)
  const { form, found } = await inspectSource(source, null, AbortSignal.timeout(60_000))
  expect({ form, obstacle: found.obstacle }).toEqual({ form: 'ready', obstacle: null })
  expect(inspectionText(found, form)).toMatch(/^runs: {9}yes\narchitecture: stablelm\n/)
})
