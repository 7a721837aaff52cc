// Every architecture's spec, weight rules and the plain forward together against logits that other implementations computed: the earliest truth an
// architecture file meets, without quantizers, kernels or WebGPU of ours in the way (but for rounding to 4 bits in the second half).
import { describe, expect, test } from 'vitest'
import type { WeightRule } from '../../../shared/compiler/architectures/spec.ts'
import { dequantizeRows } from '../../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import {
  caseNames,
  casesWithoutArchitecture,
  type Expected,
  expectedOf,
  hasFile,
  openCase,
} from '../../reference/checkpointCases.ts'
import { createForward, type Forward, type Tensors } from '../../reference/forward.ts'
import { argmax } from '../../support/argmax.ts'

const tolerance = 1e-4
const names = await caseNames()
const quantizedNames: string[] = []
for (const name of names) if (await hasFile(name, 'expected.q4f32_1.json')) quantizedNames.push(name)
for (const skipped of await casesWithoutArchitecture()) console.info(`not compared: ${skipped}`)

/** Checks the largest absolute error of a logit over the prompt's listed positions and every step, and the greedy ids. */
function compare(label: string, forward: Forward, { input_ids, prefill, decode }: Expected): void {
  const prompt = forward.feed(input_ids)
  const decoded = forward.feed(decode.fed_ids)
  const got = [...prefill.positions.map((at) => prompt[at]), ...decoded]
  const wanted = [...prefill.logits, ...decode.logits]
  const errors = wanted.flatMap((row, index) => row.map((logit, id) => Math.abs(logit - (got[index]?.[id] ?? NaN))))
  const error = errors.reduce((most, one) => (one <= most ? most : Number.isNaN(one) ? Infinity : one), 0)
  console.info(`${label}: ${error.toExponential(1)}`)
  expect(error).toBeLessThan(tolerance)
  const chosen = [prompt.at(-1), ...decoded].map((logits) => argmax(logits ?? new Float32Array()))
  expect(chosen).toEqual([...decode.fed_ids, decode.next_id])
}

test('there are reference cases, quantized ones among them', () => {
  expect(quantizedNames.length).toBeGreaterThan(0)
})

describe.for(names)('%s', (name) => {
  test('float32 logits agree with the published implementation', async () => {
    const { spec, tensors } = await openCase(name)
    compare(name, createForward(spec, tensors), await expectedOf(name, 'expected.json'))
  })
})

describe.for(quantizedNames)('%s', (name) => {
  test('logits after 4-bit quantization agree as well', async () => {
    const { spec, rules, tensors } = await openCase(name)
    const forward = createForward(spec, rounded(rules, tensors))
    compare(`${name}, 4 bits`, forward, await expectedOf(name, 'expected.q4f32_1.json'))
  })
})

/** The tensors with every matrix rounded to 4 bits and back. */
function rounded(rules: readonly WeightRule[], tensors: Tensors): Tensors {
  const matrices = new Map(
    rules.flatMap(({ name, kind, shape }) => {
      if (kind !== 'matrix') return []
      const columns = shape.at(-1) ?? 1
      const rows = tensors(name)
      const totalRows = rows.length / columns
      const block = { rows, rowCount: totalRows, columns, name, firstRow: 0, totalRows, scaleType: 'float32' as const }
      return [[name, dequantizeRows(roundToNearest.quantizeRows(block), totalRows, columns)] as const]
    }),
  )
  return (name) => matrices.get(name) ?? tensors(name)
}
