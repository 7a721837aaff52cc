import { describe, expect, test } from 'vitest'
import type { DecoderSpec } from '../../../shared/compiler/architectures/spec.ts'
import { calibrate } from '../../../shared/compiler/calibrate.ts'
import { calibratable } from '../../../shared/compiler/quantize/calibratable.ts'
import {
  decoderSteps,
  finalHidden,
  headName,
  type WeightsByName,
} from '../../../shared/compiler/quantize/decoderSteps.ts'
import { cholesky, crossProducts, invertDefinite, multiplyRows } from '../../../shared/compiler/quantize/matrix.ts'
import { dequantizeRows } from '../../../shared/compiler/quantize/packing.ts'
import type { Quantizer } from '../../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../../shared/compiler/quantize/search.ts'
import { CompileError } from '../../../shared/errors.ts'
import { caseNames, type OpenedCase, openCase } from '../../reference/checkpointCases.ts'
import { createForward } from '../../reference/forward.ts'
import { randomFloats, randomSource } from '../../support/random.ts'

const names = await caseNames()
/** One with a tied head and one with a head of its own. */
const llamas = ['llama-linear-rope-tied', 'llama-gqa']

const ids = (length: number, seed: number) => {
  const draw = randomSource(seed)
  return Array.from({ length }, () => Math.floor(draw() * 200))
}

/** Weights, quantized where a quantizer is given. */
function quantizedBy(quantizer: Quantizer, { rules, tensors }: Pick<OpenedCase, 'rules' | 'tensors'>): WeightsByName {
  const weights = new Map<string, Float32Array>()
  for (const { name, kind, shape } of rules) {
    if (kind !== 'matrix') continue
    const [totalRows = 0, columns = 0] = shape
    const rows = tensors(name)
    const block = { rows, rowCount: totalRows, columns, name, firstRow: 0, totalRows, scaleType: 'float16' as const }
    weights.set(name, dequantizeRows(quantizer.quantizeRows(block), totalRows, columns))
  }
  return (name) => weights.get(name) ?? tensors(name)
}

function logitsOf(spec: DecoderSpec, weights: WeightsByName, texts: readonly (readonly number[])[]): Float32Array {
  const hidden = finalHidden(spec, weights, texts)
  return multiplyRows(hidden, weights(headName(spec)), texts.flat().length, spec.vocabularySize, spec.hiddenSize)
}

/** Why calibration refuses a model, null where it does not. */
function refusalOf(spec: DecoderSpec): unknown {
  try {
    calibratable(spec)
    return null
  } catch (cause) {
    return cause
  }
}

test.for(llamas)('%s can be calibrated', async (name) => {
  expect(refusalOf((await openCase(name)).spec)).toBeNull()
})

describe.for(names)('%s', (name) => {
  test('the forward over whole texts gives the logits of the oracle, or the model is refused by name', async () => {
    const { spec, tensors } = await openCase(name)
    const texts = [ids(17, 1), ids(5, 2), ids(11, 3)]
    const refusal = refusalOf(spec)
    if (refusal !== null) {
      expect(refusal).toBeInstanceOf(CompileError)
      expect(() => decoderSteps(spec, tensors, texts).next()).toThrow('config.json: model_type: calibration knows only')
      return
    }
    const wanted = texts.flatMap((text) =>
      createForward(spec, tensors)
        .feed(text)
        .flatMap((logits) => [...logits]),
    )
    const got = logitsOf(spec, tensors, texts)
    expect(got).toHaveLength(wanted.length)
    expect(got.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (wanted[at] as number))), 0)).toBeLessThan(
      2e-5,
    )
  })
})

describe.for(llamas)('%s', (name) => {
  test('every matrix is seen once, before it is used', async () => {
    const { spec, rules, tensors } = await openCase(name)
    const seen: string[] = []
    const asked = (matrix: string) => {
      const inside = /(?:qkv|o|gate_up|down)_proj\.weight$/.test(matrix)
      if (inside) expect(seen.at(-1)).toBe(matrix)
      return tensors(matrix)
    }
    for (const step of decoderSteps(spec, asked, [ids(4, 1)])) {
      expect(step.inputs).toHaveLength(4 * step.columns)
      seen.push(step.name)
    }
    const matrices = rules.filter(
      ({ kind, name: matrix }) => kind === 'matrix' && (spec.head.tied || !matrix.includes('embed')),
    )
    expect(seen.sort()).toEqual(matrices.map((rule) => rule.name).sort())
  })

  test('calibrated quantization brings logits nearer on the calibration text than rounding or searching', async () => {
    const opened = await openCase(name)
    const { spec, tensors } = opened
    const texts = [ids(60, 4), ids(60, 5), ids(60, 6), ids(60, 7)]
    const wanted = logitsOf(spec, tensors, texts)
    const error = (quantizer: Quantizer) =>
      logitsOf(spec, quantizedBy(quantizer, opened), texts).reduce(
        (sum, logit, at) => sum + (logit - (wanted[at] as number)) ** 2,
        0,
      )
    const calibrated = error(calibrate({ spec, weights: tensors, texts, scaleType: 'float16' }))
    expect(calibrated).toBeLessThan(0.8 * error(roundToNearest))
    expect(calibrated).toBeLessThan(0.9 * error(search))
  })
})

describe('dense products', () => {
  const draw = randomSource(7)
  test.for([
    [1, 1, 1],
    [4, 2, 8],
    [7, 5, 33],
    [9, 3, 2],
  ] as const)('a product of %i x %i over %i columns equals its definition', ([m, n, k]) => {
    const a = randomFloats(m * k, draw)
    const b = randomFloats(n * k, draw)
    const wanted = Float32Array.from({ length: m * n }, (_, at) => {
      const [row, column] = [Math.floor(at / n), at % n]
      let sum = 0
      for (let x = 0; x < k; x++) sum += (a[row * k + x] as number) * (b[column * k + x] as number)
      return sum
    })
    expect(multiplyRows(a, b, m, n, k)).toEqual(wanted)
  })

  test('an inverse times its matrix is the identity, and an indefinite matrix is refused', () => {
    const inputs = randomFloats(40 * 12, draw)
    const matrix = crossProducts(inputs, inputs, 40, 12, 12)
    const inverse = invertDefinite(matrix, 12)
    for (let row = 0; row < 12; row++) {
      for (let column = 0; column < 12; column++) {
        let sum = 0
        for (let x = 0; x < 12; x++) sum += (matrix[row * 12 + x] as number) * (inverse[x * 12 + column] as number)
        expect(sum).toBeCloseTo(row === column ? 1 : 0, 6)
      }
    }
    expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow('not positive definite at 1 of 2')
  })
})
