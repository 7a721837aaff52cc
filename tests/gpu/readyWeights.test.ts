// Weights as mlc-llm publishes them, made a model by our own code, run through unmodified web-llm and give the logits of the plain forward. VITE_READY=all
// takes every architecture that both have; the two that are always run differ most from a compiled model.
import { expect, test } from 'vitest'
import type { Hasher } from '../../shared/compiler/checkpoint/bytes.ts'
import type { WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { makeReady } from '../../shared/compiler/ready/makeReady.ts'
import { targetsHere, worstErrorOf } from '../support/compareModel.ts'
import { publishedConfigs, tinyPublishedModel } from '../support/publishedModel.ts'
import { randomSource } from '../support/random.ts'
import { readRuntime } from '../support/runtime.ts'

const seed = 20_232
const { signal } = new AbortController()
/** Hashes are not what is tested here, and a browser has none that is incremental. */
const noHash = (digits: number) => (): Hasher => ({ update: () => {}, hex: () => '0'.repeat(digits) })

type Case = readonly [modelType: string, format: WeightFormat, changes: Readonly<Record<string, unknown>>]

// One with tensors that are converted and both halves after each other, one with a stretched rotation and a tied head.
const usual: readonly Case[] = [
  ['gpt_neox', 'q4f16_1', {}],
  [
    'llama',
    'q4f32_1',
    {
      rope_scaling: {
        rope_type: 'llama3',
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
    },
  ],
]

const others = Object.keys(publishedConfigs).filter((type) => !usual.some(([known]) => known === type))
const cases: readonly Case[] = [
  ...usual,
  ...(import.meta.env.VITE_READY === 'all' ? others.map((type): Case => [type, 'q4f16_1', {}]) : []),
]

test.each(cases)(
  '%s published in %s',
  async (modelType, format, changes) => {
    const { files, spec, tensors } = await tinyPublishedModel(modelType, format, seed, changes)
    const model = new Map<string, Uint8Array>(Object.entries(files))
    const written = new Map<string, Uint8Array>()
    const { manifest } = await makeReady(
      {
        source: {
          names: async () => [...model.keys()],
          open: async (name) => {
            const bytes = model.get(name) ?? new Uint8Array()
            return { sizeBytes: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) }
          },
          sha256: async () => '0'.repeat(64),
        },
        sink: {
          write: async (name, chunk) => {
            const before = written.get(name) ?? new Uint8Array()
            const joined = new Uint8Array(before.length + chunk.length)
            joined.set(before)
            joined.set(chunk, before.length)
            written.set(name, joined)
          },
        },
        description: { id: 'somebody/tiny' },
        repository: null,
        runtime: await readRuntime(),
        makeLibrary,
        hashers: { sha256: noHash(64), md5: noHash(32) },
      },
      signal,
    )
    for (const target of await targetsHere()) {
      const error = await worstErrorOf(
        {
          files: new Map([...model, ...written]),
          library: () => written.get(manifest.libraries[target]) ?? new Uint8Array(),
          tensors,
        },
        { spec, target, chunkTokens: 16, next: randomSource(seed), window: null, lengths: [1, 16, 5, 1, 30, 1] },
      )
      console.info(`${modelType} ${format} ${target} ${error.toExponential(1)}`)
      expect(error, target).toBeLessThan(target === 'half' ? 0.05 : 3e-4)
    }
  },
  300_000,
)
