// What a request may ask of sampling, as the worker asks it of unmodified web-llm: penalties, stop strings, JSON of a schema, probabilities; and weights
// that compute no numbers.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Prompt, Sampling } from '../../renderer/inference/protocol.ts'
import { type BundledModel, loadBundled } from '../support/bundledModel.ts'

const story: Prompt = { kind: 'completion', text: 'Once upon a time' }
let base: BundledModel

beforeAll(async () => {
  base = await loadBundled('base')
})
afterAll(() => base.unload())

test('each token has its natural log probability, after the temperature, and the likeliest at its place', async () => {
  const { text, tokens, completionTokens } = await base.write(story, { temperature: 1, alternatives: 5, maxTokens: 8 })
  expect(tokens).toHaveLength(8)
  expect(completionTokens).toBe(8)
  expect(tokens.map((token) => token.text).join('')).toBe(text)
  for (const { id, logProbability, alternatives } of tokens) {
    const logs = alternatives.map((choice) => choice.logProbability ?? Number.NEGATIVE_INFINITY)
    expect(logs).toHaveLength(5)
    expect(logs).toEqual(logs.toSorted((a, b) => b - a))
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeLessThanOrEqual(1.0001)
    expect(logProbability).toBeLessThanOrEqual((logs[0] ?? 0) + 1e-6)
    const own = alternatives.find((choice) => choice.id === id)
    if (own !== undefined) expect(own.logProbability).toBe(logProbability)
  }
  const greedy = await base.write(story, { temperature: 0, alternatives: 2, maxTokens: 4 })
  for (const { id, logProbability, alternatives } of greedy.tokens) {
    expect([logProbability, alternatives[0]?.id, alternatives[1]?.logProbability]).toEqual([0, id, null])
  }
  expect((await base.write(story, { maxTokens: 4 })).tokens).toEqual([])
})

test('a token that ends the reply is none of its tokens', async () => {
  const { finish, tokens, text } = await base.write(story, { temperature: 0, alternatives: 1, maxTokens: 250 })
  expect(finish).toBe('stop')
  expect(tokens.map((token) => token.text).join('')).toBe(text)
})

test('penalties below their usual value bring back what was written, those above keep it away', async () => {
  const distinct = async (penalties: Partial<Sampling>) => {
    const { tokens } = await base.write(story, { temperature: 1, topP: 0.001, alternatives: 1, ...penalties })
    return new Set(tokens.map(({ id }) => id)).size
  }
  const free = await distinct({})
  expect(await distinct({ frequencyPenalty: 2, presencePenalty: 2 })).toBeGreaterThanOrEqual(free)
  expect(await distinct({ frequencyPenalty: -2 })).toBeLessThan(free)
  expect(await distinct({ presencePenalty: -2 })).toBeLessThan(free)
  expect(await distinct({ repetitionPenalty: 0.5 })).toBeLessThan(free)
})

test('a stop string of the request ends the text before it', async () => {
  const free = await base.write(story)
  const stop = free.text.slice(12, 16)
  const stopped = await base.write(story, { stopStrings: ['never to be seen', stop] })
  expect(stopped.finish).toBe('stop')
  expect(stopped.text).toBe(free.text.slice(0, free.text.indexOf(stop)))
})

test('JSON of a schema comes out whole, of a text as of turns', async () => {
  const schema = {
    type: 'object',
    properties: { animal: { enum: ['cat', 'dog'] }, legs: { type: 'integer', minimum: 0, maximum: 9 } },
    required: ['animal', 'legs'],
  }
  const sampling = { temperature: 1, seed: 3, maxTokens: 120, jsonSchema: JSON.stringify(schema) }
  const { text, finish } = await base.write(story, sampling)
  expect(finish).toBe('stop')
  const value = JSON.parse(text) as { readonly animal: string; readonly legs: number }
  expect(Object.keys(value)).toEqual(['animal', 'legs'])
  expect(['cat', 'dog']).toContain(value.animal)
  expect(Number.isInteger(value.legs) && value.legs >= 0 && value.legs <= 9).toBe(true)
})

test('a schema that cannot be compiled is a problem each time, and the next one works', async () => {
  const broken = { maxTokens: 4, jsonSchema: '{"type":"object","properties":{"a":{"$ref":"#/nowhere"}}}' }
  await expect(base.write(story, broken)).rejects.toMatchObject({ problem: { code: 'bad-schema' } })
  await expect(base.write(story, broken)).rejects.toMatchObject({ problem: { code: 'bad-schema' } })
  await expect(base.write(story, { jsonSchema: '{"not":{}}' })).rejects.toMatchObject({
    problem: { code: 'bad-schema', detail: 'the schema: "not" cannot be kept to here' },
  })
  const { text, finish } = await base.write(story, { jsonSchema: '{"type":"boolean"}' })
  expect([['true', 'false'].includes(text.trim()), finish]).toEqual([true, 'stop'])
})

test.for([
  ['NaN', 0x7e00],
  ['infinity', 0x7c00],
] as const)('weights that are %s stop the run with a problem before the first word', async ([, bits]) => {
  const poisoned = await loadBundled('base', {
    change: (files) => {
      const cache = JSON.parse(new TextDecoder().decode(files.get('tensor-cache.json'))) as {
        readonly records: readonly {
          readonly records: readonly { name: string; byteOffset: number; nbytes: number }[]
        }[]
      }
      const norm = cache.records.flatMap(({ records }) => records).find(({ name }) => name === 'model.norm.weight')
      const shard = files.get('params_shard_0.bin')
      if (norm === undefined || shard === undefined) throw new Error('no norm')
      const view = new DataView(shard.buffer, shard.byteOffset)
      view.setUint16(norm.byteOffset + 10, bits, true)
    },
  })
  for (const temperature of [0, 0.8])
    await expect(poisoned.write(story, { temperature })).rejects.toMatchObject({ problem: { code: 'not-a-number' } })
  await poisoned.unload()
})
