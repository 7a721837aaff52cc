import { expect, test } from 'vitest'
import { alibiSlopes } from '../../../shared/compiler/architectures/parts.ts'

/**
 * The slopes as the authors of ALiBi give them for any number of heads (Press et al. 2021; ofirpress/attention_with_linear_biases, get_slopes):
 * those of the closest smaller power of 2, then every other one of twice as many.
 */
function publishedSlopes(heads: number): readonly number[] {
  const powerOfTwo = 2 ** Math.floor(Math.log2(heads))
  if (powerOfTwo === heads) {
    const start = 2 ** -(2 ** -(Math.log2(heads) - 3))
    return Array.from({ length: heads }, (_, index) => start * start ** index)
  }
  const others = publishedSlopes(2 * powerOfTwo).filter((_, index) => index % 2 === 0)
  return [...publishedSlopes(powerOfTwo), ...others.slice(0, heads - powerOfTwo)]
}

test('the slopes of any number of heads are the published ones', () => {
  for (let heads = 1; heads <= 256; heads++) {
    const published = publishedSlopes(heads)
    const slopes = alibiSlopes(heads)
    expect(slopes.length).toBe(heads)
    for (const [head, slope] of slopes.entries()) expect(slope / (published[head] ?? 0)).toBeCloseTo(1, 12)
  }
})

test('eight heads have the slopes of the paper: a half to the eighth power of it', () => {
  expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((power) => 2 ** -power))
})

/** mosaicml/llm-foundry, llmfoundry/models/layers/attention.py, gen_slopes: rounds up to a power of 2, then odd ones before even ones. */
function foundrySlopes(heads: number, maximum: number): readonly number[] {
  const rounded = 2 ** Math.ceil(Math.log2(heads))
  const all = Array.from({ length: rounded }, (_, index) => 2 ** (-(maximum * (index + 1)) / rounded))
  if (rounded === heads) return all
  return [...all.filter((_, index) => index % 2 === 1), ...all.filter((_, index) => index % 2 === 0)].slice(0, heads)
}

test("MPT's own rule for another strongest bias is the same one", () => {
  for (const maximum of [8, 16, 6.5])
    for (let heads = 1; heads <= 128; heads++)
      for (const [head, slope] of alibiSlopes(heads, { maximum }).entries())
        expect(slope / (foundrySlopes(heads, maximum)[head] ?? 0)).toBeCloseTo(1, 12)
})
