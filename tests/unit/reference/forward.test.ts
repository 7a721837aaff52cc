// What the oracle does where no published logits reach: windows, feeding in pieces, functions with known values; truth.test.ts has the rest.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { activate, erf } from '../../reference/activation.ts'
import { openCase, openFolderCase } from '../../reference/checkpointCases.ts'
import { createForward } from '../../reference/forward.ts'
import { tensorsOf } from '../../reference/linear.ts'
import { argmax } from '../../support/argmax.ts'

test('a window shows the last tokens only, and the sink before them', async () => {
  const { spec, tensors } = await openCase('llama-mha')
  const ids = Array.from({ length: 20 }, (_, index) => (index * 37) % 200)
  // In one layer, what lies outside the window cannot matter: other tokens there give the same logits.
  const oneLayer = { ...spec, layers: spec.layers.slice(0, 1), slidingWindowTokens: 8 }
  const changed = (positions: readonly number[]) => ids.map((id, at) => (positions.includes(at) ? id + 1 : id))
  const last = (input: readonly number[], sinkTokens: number) =>
    createForward(oneLayer, tensors, { sinkTokens }).feed(input).at(-1) as Float32Array
  expect(last(changed([0, 1, 5, 11]), 0)).toEqual(last(ids, 0))
  expect(last(changed([12]), 0)).not.toEqual(last(ids, 0))
  expect(last(changed([2, 8, 13]), 2)).toEqual(last(ids, 2))
  expect(last(changed([1]), 2)).not.toEqual(last(ids, 2))
  expect(last(changed([14]), 2)).not.toEqual(last(ids, 2))
})

test('feeding one by one gives what feeding all at once gives', async () => {
  const { spec, tensors } = await openCase('llama-mha')
  const ids = [1, 5, 9, 200, 3]
  const oneByOne = createForward(spec, tensors)
  expect(ids.flatMap((id) => oneByOne.feed([id]))).toEqual(createForward(spec, tensors).feed(ids))
})

test('an unknown tensor is an error that names it', () => {
  expect(() => tensorsOf(new Map())('lm_head.weight')).toThrow('lm_head.weight')
})

// To sixteen digits as tabulated (NIST Digital Library of Mathematical Functions 7.2.1, evaluated in arbitrary precision).
test.for([
  [0, 0],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [-1, -0.8427007929497149],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [5.5, 0.9999999999999927],
  [40, 1],
] as const)('the error function at %f', ([x, wanted]) => {
  expect(Math.abs(erf(x) - wanted)).toBeLessThan(1e-14)
})

test('activations at 1, and far out without overflow', () => {
  const at = (x: number) => (['silu', 'relu', 'gelu', 'geluTanh'] as const).map((name) => activate(name, x))
  // 1 / (1 + 1/e); 1; the normal distribution function at 1; its tanh form.
  const wanted = [0.7310585786300049, 1, 0.8413447460685429, 0.8411919906082768]
  for (const [index, value] of at(1).entries()) expect(value).toBeCloseTo(wanted[index] as number, 12)
  expect(at(1e4)).toEqual([1e4, 1e4, 1e4, 1e4])
  expect(at(-1e4).map(Math.abs)).toEqual([0, 0, 0, 0])
})

const stories = process.env.HEARTH_STORIES ?? ''

test.runIf(stories !== '')(
  'stories15M continues as llama2.c does (HEARTH_STORIES names its checkpoint folder)',
  async () => {
    const { prompt_ids, generated_ids } = await storiesExpected()
    const { spec, tensors } = await openFolderCase(stories)
    const forward = createForward(spec, tensors)
    let logits = forward.feed(prompt_ids).at(-1) as Float32Array
    const generated: number[] = []
    while (generated.length < generated_ids.length) {
      generated.push(argmax(logits))
      logits = forward.feed(generated.slice(-1))[0] as Float32Array
    }
    expect(generated).toEqual(generated_ids)
  },
)

async function storiesExpected() {
  const file = new URL('../../fixtures/reference/stories15M/expected.json', import.meta.url)
  return JSON.parse(await readFile(file, 'utf8')) as Record<'prompt_ids' | 'generated_ids', readonly number[]>
}
