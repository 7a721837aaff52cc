// What a compiled model has beside its weights: manifest, chat configuration and libraries, the same bytes every time.
import { describe, expect, test } from 'vitest'
import { weightFormats } from '../../../shared/compiler/kernels/target.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { modelManifest } from '../../../shared/model.ts'
import { compile, json, sha256 } from '../../support/compileInMemory.ts'
import { referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

test('compiling twice gives identical bytes, in every format', async () => {
  const files = await referenceCheckpoint('llama-gqa')
  for (const format of weightFormats) {
    const [first, second] = [await compile(files, format), await compile(files, format)]
    expect([...second.files.keys()]).toEqual([...first.files.keys()])
    for (const [name, bytes] of first.files)
      expect(Buffer.compare(bytes, second.files.get(name) as Uint8Array), name).toBe(0)
  }
})

test('the manifest lists every file and input with size and sha256, and the model it describes', async () => {
  const files = {
    ...(await referenceCheckpoint('llama-gqa')),
    'generation_config.json': '{"eos_token_id":[2,5],"temperature":0.6,"top_p":0.9}',
    'README.md': '---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\nlicense: none',
  }
  const {
    manifest,
    files: written,
    seen,
  } = await compile(files, 'q4f16_1', { contextTokens: 200, prefillChunkTokens: 64 })
  const stored = json<unknown>(written.get('hearth.json'))
  expect(modelManifest.parse(stored)).toEqual(manifest)
  expect(manifest.files.map(({ name }) => name)).toEqual(
    [...written.keys()].filter((name) => name !== 'hearth.json').sort(),
  )
  expect([...written.keys()].at(-1)).toBe('hearth.json')
  for (const { name, sizeBytes, sha256: hash } of manifest.files) {
    const bytes = written.get(name) as Uint8Array
    expect([name, bytes.byteLength, sha256(bytes)]).toEqual([name, sizeBytes, hash])
  }
  for (const { name, sha256: hash } of manifest.inputs) {
    expect(sha256(Buffer.from((files as Record<string, string | Uint8Array>)[name] as string)), name).toBe(hash)
  }
  expect(manifest).toMatchObject({
    id: 'test/model',
    title: 'model',
    variant: 'base',
    licence: 'apache-2.0',
    prompt: { kind: 'completion' },
    quantization: 'round-to-nearest',
    weightFormat: 'q4f16_1',
    vocabularySize: 256,
    contextTokens: 200,
    prefillChunkTokens: 64,
    stopTokenIds: [2, 5],
    bosTokenId: 1,
    defaults: { temperature: 0.6, topP: 0.9 },
  })
  const weights = written.get('params_shard_0.bin') as Uint8Array
  expect(manifest.memory.weightsBytes).toBe(weights.byteLength)
  // Keys and values, 2 layers, 2 heads of 32 in float32, context rounded up to 16.
  expect(manifest.memory.cacheBytes).toBe(2 * 2 * 2 * 32 * 4 * 208)
  expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(seen.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b))
  expect(seen.at(-1)?.doneBytes).toBe(seen.at(-1)?.totalBytes)
  expect(new Set(seen.map(({ step }) => step))).toEqual(new Set(['inputs', 'weights', 'libraries']))
})

test('the chat configuration has what web-llm reads', async () => {
  const { files } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1', {
    description: {
      id: 'test/chat',
      variant: 'chat',
      stopTokenIds: [2, 1],
      prompt: {
        kind: 'turns',
        name: 'plain',
        userPrefix: 'User: ',
        userSuffix: '\n',
        assistantPrefix: 'Assistant:',
        assistantSuffix: '\n',
        singleTurn: false,
        stopStrings: ['\nUser:'],
      },
      defaults: { temperature: 0.7, topP: 0.9 },
    },
  })
  expect(json(files.get('mlc-chat-config.json'))).toMatchObject({
    model_type: 'llama',
    quantization: 'q4f16_1',
    vocab_size: 256,
    context_window_size: 512,
    sliding_window_size: -1,
    attention_sink_size: -1,
    prefill_chunk_size: 512,
    temperature: 0.7,
    top_p: 0.9,
    repetition_penalty: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    tokenizer_files: ['tokenizer.json'],
    tokenizer_info: { token_postproc_method: 'byte_fallback', prepend_space_in_encode: true },
    conv_template: {
      system_template: '{system_message}',
      seps: ['\n', '\n'],
      stop_str: ['\nUser:'],
      stop_token_ids: [2, 1],
      system_prefix_token_ids: [1],
    },
    bos_token_id: 1,
  })
  expect(Buffer.from(files.get('mlc-chat-config.json') as Uint8Array).toString()).not.toContain('role_templates')
})

test('the three libraries are WebAssembly modules with the runtime inside', async () => {
  const { files, manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1')
  for (const name of Object.values(manifest.libraries)) {
    const module = await WebAssembly.compile(files.get(name) as Uint8Array<ArrayBuffer>)
    expect(WebAssembly.Module.exports(module).length).toBeGreaterThan(5)
  }
  const half = Buffer.from(files.get(manifest.libraries.half) as Uint8Array)
  const portable = Buffer.from(files.get(manifest.libraries.portable) as Uint8Array)
  expect([half.includes('enable f16;'), portable.includes('enable f16;')]).toEqual([true, false])
})

describe('a quantizer', () => {
  test('may be made from the opened model', async () => {
    const { manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q4f16_1', {
      quantizer: async ({ rules, spec, checkpoint }) => {
        expect([spec.layers.length, checkpoint.tensors.size]).toEqual([2, 21])
        expect(rules[0]?.name).toBe('model.embed_tokens.weight')
        return { ...roundToNearest, name: 'search' }
      },
    })
    expect(manifest.quantization).toBe('search')
  })

  test('is not used by unquantized formats', async () => {
    const quantizer = { name: 'gptq', quantizeRows: () => expect.unreachable() } as const
    const { manifest } = await compile(await referenceCheckpoint('llama-gqa'), 'q0f16', { quantizer })
    expect(manifest.quantization).toBe('none')
  })
})
