// The oracle itself is checked against logits that other implementations computed.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { dequantizeRows } from '../../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import {
  caseNames,
  type Expected,
  expectedOf,
  hasFile,
  openCase,
  openFolderCase,
  tensorsOf,
} from '../../reference/checkpointCases.ts'
import { createForward, type Forward } from '../../reference/forward.ts'

const tolerance = 1e-4
const names = await caseNames()
const quantizedNames: string[] = []
for (const name of names) if (await hasFile(name, 'expected.q4f32_1.json')) quantizedNames.push(name)

function greatestError(forward: Forward, expected: Expected): number {
  const prompt = forward.feed(expected.input_ids)
  const decoded = forward.feed(expected.decode.fed_ids)
  const pairs = [
    ...expected.prefill.positions.map((at, index) => [prompt[at], expected.prefill.logits[index]] as const),
    ...expected.decode.logits.map((logits, index) => [decoded[index], logits] as const),
  ]
  const errors = pairs.flatMap(([got, wanted]) =>
    (wanted ?? []).map((logit, id) => Math.abs(logit - (got?.[id] ?? NaN))),
  )
  expect(argmax(decoded.at(-1) as Float32Array)).toBe(expected.decode.next_id)
  return errors.reduce((a, b) => Math.max(a, Number.isNaN(b) ? Infinity : b), 0)
}

function argmax(logits: Float32Array): number {
  return logits.reduce((best, logit, id) => (logit > (logits[best] as number) ? id : best), 0)
}

test('there are reference cases', () => {
  expect(names.length).toBeGreaterThan(0)
})

describe.for(names)('%s', (name) => {
  test('float32 logits agree with the published implementation', async () => {
    const { spec, tensors } = await openCase(name)
    expect(greatestError(createForward(spec, tensors), await expectedOf(name, 'expected.json'))).toBeLessThan(tolerance)
  })
})

describe.for(quantizedNames)('%s', (name) => {
  test('logits after 4-bit quantization agree as well', async () => {
    const expected = await expectedOf(name, 'expected.q4f32_1.json')
    const { spec, tensors } = await openCase(name)
    const quantized = new Map<string, Float32Array>()
    for (const { name: tensor, shape } of expected.quantized ?? []) {
      const [totalRows, columns] = shape
      const block = { rows: tensors(tensor), rowCount: totalRows, columns, name: tensor, firstRow: 0, totalRows }
      const rows = roundToNearest.quantizeRows({ ...block, scaleType: 'float32' })
      quantized.set(tensor, dequantizeRows(rows, totalRows, columns))
    }
    const replaced = (tensor: string) => quantized.get(tensor) ?? tensors(tensor)
    expect(greatestError(createForward(spec, replaced), expected)).toBeLessThan(tolerance)
  })
})

test('a window shows the last tokens only, and the sink before them', async () => {
  const { spec, tensors } = await openCase(names[0] as string)
  const ids = Array.from({ length: 20 }, (_, index) => (index * 37) % 200)
  // In one layer, what lies outside the window cannot matter: other tokens there give the same logits.
  const oneLayer = { ...spec, layers: 1, slidingWindowTokens: 8 }
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
  const { spec, tensors } = await openCase(names[0] as string)
  const ids = [1, 5, 9, 200, 3]
  const oneByOne = createForward(spec, tensors)
  expect(ids.flatMap((id) => oneByOne.feed([id]))).toEqual(createForward(spec, tensors).feed(ids))
})

test('an unknown tensor is an error that names it', () => {
  expect(() => tensorsOf(new Map())('lm_head.weight')).toThrow('lm_head.weight')
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
