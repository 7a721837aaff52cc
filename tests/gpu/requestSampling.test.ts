// What a request may ask of sampling, through unmodified web-llm with the library's own kernels: greedy choice, logit bias, penalties, log probabilities and
// seeds, each against the logits the same run handed over.
import { expect, test } from 'vitest'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { randomSource } from '../support/random.ts'
import { readRuntime } from '../support/runtime.ts'
import { idOf, pieceOf, syntheticModel } from '../support/syntheticModel.ts'
import { loadEngine, recordLogits } from '../support/webLlm.ts'

const seed = 77
const vocabulary = 301
const spec = llama.spec({
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  vocab_size: vocabulary,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  bos_token_id: 1,
  eos_token_id: 2,
})
const model = syntheticModel({
  spec,
  format: 'q4f32_1',
  chunkTokens: 16,
  next: randomSource(seed),
  runtime: await readRuntime(),
})
// SwiftShader takes long over kernels with barriers; in Node the adapter is Dawn's.
const target: LibraryTarget = typeof window === 'undefined' ? 'portable' : 'software'
const { processor, logits } = recordLogits()
const engine = await loadEngine({ files: model.files, library: model.library(target), logitProcessor: processor })
const prompt = [17, 200, 5].map(pieceOf).join('')

/** One token behind the prompt: its id, and the logits before bias and penalties. */
async function draw(more: object) {
  logits.length = 0
  const reply = await engine.completions.create({ prompt, max_tokens: 1, logprobs: true, top_logprobs: 5, ...more })
  const choice = reply.choices[0]
  const entry = choice?.logprobs?.content?.[0]
  const id = idOf(choice?.text ?? '')
  return { id, entry, before: logits[0] ?? new Float32Array() }
}

function ranked(values: Float32Array): readonly number[] {
  return [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
}

function logSoftmax(values: Float32Array): Float64Array {
  const most = Math.max(...values)
  const sum = values.reduce((total, value) => total + Math.exp(value - most), 0)
  return Float64Array.from(values, (value) => value - most - Math.log(sum))
}

test('temperature 0 takes the greatest logit', async () => {
  const { id, before } = await draw({ temperature: 0 })
  expect(before.length).toBe(vocabulary)
  expect(id).toBe(ranked(before)[0])
})

test('the five greatest log probabilities are those of the logits', async () => {
  const { entry, before } = await draw({ temperature: 1, seed: 3 })
  const expected = logSoftmax(before)
  const top = entry?.top_logprobs ?? []
  expect(top.map(({ token }) => token)).toEqual(ranked(before).slice(0, 5).map(pieceOf))
  for (const [index, { logprob }] of top.entries()) {
    expect(logprob).toBeCloseTo(expected[ranked(before)[index] ?? 0] ?? Number.NaN, 3)
  }
})

test('a logit bias forbids the greatest and picks another', async () => {
  const { before } = await draw({ temperature: 0 })
  const [first = 0, second = 0] = ranked(before)
  const forbidden = await draw({ temperature: 0, logit_bias: { [first]: -100 } })
  expect(forbidden.id).toBe(second)
  const picked = await draw({ temperature: 0, logit_bias: { 123: 100 } })
  expect(picked.id).toBe(123)
})

test('penalties push down what was written', async () => {
  const free = await engine.completions.create({ prompt, max_tokens: 24, temperature: 0 })
  const penalised = await engine.completions.create({
    prompt,
    max_tokens: 24,
    temperature: 0,
    presence_penalty: 2,
    frequency_penalty: 2,
  })
  const distinct = (text: string) => new Set(text).size
  expect(distinct(penalised.choices[0]?.text ?? '')).toBeGreaterThanOrEqual(distinct(free.choices[0]?.text ?? ''))
  expect(penalised.choices[0]?.text).not.toBe(free.choices[0]?.text)
})

test('seeds vary the draw, and the same seed repeats it', async () => {
  const ids = new Map<number, number>()
  for (let number = 1; number <= 20; number++) ids.set(number, (await draw({ temperature: 1.5, seed: number })).id)
  expect(new Set(ids.values()).size).toBeGreaterThan(5)
  for (const number of [1, 7, 20]) expect((await draw({ temperature: 1.5, seed: number })).id).toBe(ids.get(number))
})

test('a small top_p leaves only the likeliest', async () => {
  for (const number of [1, 2, 3, 4, 5]) {
    const { id, before } = await draw({ temperature: 1, top_p: 0.001, seed: number })
    expect(id).toBe(ranked(before)[0])
  }
})
