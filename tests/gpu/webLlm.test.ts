import { expect, test } from 'vitest'
import { packLibrary } from '../../shared/compiler/library/packLibrary.ts'
import { readRuntime } from '../support/runtime.ts'
import { toyLogits, toyModel, toyText } from '../support/toyModel.ts'
import { loadEngine } from '../support/webLlm.ts'

const seed = 7
const runtime = await readRuntime()

/** Greedy continuation of token ids by the model's definition. */
function expectedIds(table: Float32Array, prompt: readonly number[], length: number): readonly number[] {
  const tokens = [...prompt]
  for (let step = 0; step < length; step++) {
    const logits = toyLogits(table, tokens)
    tokens.push(logits.indexOf(Math.max(...logits)))
  }
  return tokens.slice(prompt.length)
}

test('unmodified web-llm loads a packed library and completes text as the model says, twice and after a reload', async () => {
  const toy = toyModel({ seed })
  const engine = await loadEngine({ files: toy.files, library: packLibrary(runtime, toy.plan) })
  const prompt = [10, 20, 30, 40, 50]
  const complete = async () => {
    const reply = await engine.completions.create({ prompt: toyText(prompt), max_tokens: 12, temperature: 0 })
    return reply.choices[0]?.text
  }
  const expected = toyText(expectedIds(toy.table, prompt, 12))
  expect(await complete()).toBe(expected)
  expect(await complete()).toBe(expected)
  await engine.reload('model')
  expect(await complete()).toBe(expected)
  await engine.unload()
})
