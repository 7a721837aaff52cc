// Loss in nats per token of a story model, in float32 and quantized by each method, on text that calibration has not seen.
//   node tests/bench/loss.ts <checkpoint folder> <texts.json> [tokens]
import { readFile } from 'node:fs/promises'
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { calibrate } from '../../shared/compiler/calibrate.ts'
import { finalHidden, headName, type WeightsByName } from '../../shared/compiler/quantize/decoderSteps.ts'
import { gptqQuantizer } from '../../shared/compiler/quantize/gptq.ts'
import type { Multiply } from '../../shared/compiler/quantize/matrix.ts'
import { dequantizeRows } from '../../shared/compiler/quantize/packing.ts'
import type { Quantizer } from '../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../shared/compiler/quantize/search.ts'
import { openModel } from './model.ts'
import type { SampledText } from './sampleText.ts'
import { simdMultiply } from './simdMultiply.ts'

/** Mean negative log likelihood of the counted tokens. */
export function lossOf(
  spec: DecoderSpec,
  weights: WeightsByName,
  texts: readonly SampledText[],
  multiply: Multiply,
): number {
  const hidden = finalHidden(
    spec,
    weights,
    texts.map(({ ids }) => ids),
    multiply,
  )
  const width = spec.hiddenSize
  const rows: number[] = []
  const targets: number[] = []
  let base = 0
  for (const { ids, spans } of texts) {
    for (const [start, end] of spans) {
      for (let at = start; at < end; at++) {
        rows.push(base + at - 1)
        targets.push(ids[at] as number)
      }
    }
    base += ids.length
  }
  let sum = 0
  const block = 512
  for (let first = 0; first < rows.length; first += block) {
    const some = rows.slice(first, first + block)
    const inputs = new Float32Array(some.length * width)
    for (const [index, row] of some.entries())
      inputs.set(hidden.subarray(row * width, (row + 1) * width), index * width)
    const logits = multiply(inputs, weights(headName(spec)), some.length, spec.vocabularySize, width)
    for (let index = 0; index < some.length; index++) {
      const own = logits.subarray(index * spec.vocabularySize, (index + 1) * spec.vocabularySize)
      let greatest = -Infinity
      for (const logit of own) if (logit > greatest) greatest = logit
      let total = 0
      for (const logit of own) total += Math.exp(logit - greatest)
      sum += Math.log(total) + greatest - (own[targets[first + index] as number] as number)
    }
  }
  return sum / rows.length
}

/** The weights a model computes with after quantization to q4f16_1: matrices dequantized, everything else rounded to float16 as stored. */
export function quantizeAll(
  rules: readonly WeightRule[],
  weights: ReadonlyMap<string, Float32Array>,
  quantizer: Quantizer,
): ReadonlyMap<string, Float32Array> {
  const out = new Map(weights)
  for (const { name, kind, shape } of rules) {
    if (kind !== 'matrix') continue
    const [totalRows = 0, columns = 0] = shape
    const rows = weights.get(name) as Float32Array
    const block = { rows, rowCount: totalRows, columns, name, firstRow: 0, totalRows, scaleType: 'float16' as const }
    out.set(name, dequantizeRows(quantizer.quantizeRows(block), totalRows, columns))
  }
  return out
}

function take(texts: readonly SampledText[], limit: number): readonly SampledText[] {
  const taken: SampledText[] = []
  let counted = 0
  for (const text of texts) {
    if (counted >= limit) break
    taken.push(text)
    counted += text.spans.reduce((sum, [start, end]) => sum + end - start, 0)
  }
  console.log(`${counted} tokens counted in ${taken.length} texts`)
  return taken
}

async function main(folder: string, textFile: string, limit: number): Promise<void> {
  const multiply = await simdMultiply()
  const { spec, rules, weights } = await openModel(folder)
  const texts = JSON.parse(await readFile(textFile, 'utf8')) as Record<'calibration' | 'evaluation', SampledText[]>
  const evaluation = take(texts.evaluation, limit)
  const timed = <T>(label: string, work: () => T): T => {
    const startMs = performance.now()
    const value = work()
    console.log(
      `${label}${typeof value === 'number' ? ` ${value.toFixed(4)}` : ''} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`,
    )
    return value
  }
  const original: WeightsByName = (name) => weights.get(name) as Float32Array
  const float = timed('float32', () => lossOf(spec, original, evaluation, multiply))
  const calibration = timed('calibrate', () =>
    calibrate({
      spec,
      weights: original,
      texts: texts.calibration.map(({ ids }) => ids),
      scaleType: 'float16',
      multiply,
    }),
  )
  for (const quantizer of [roundToNearest, search, gptqQuantizer(calibration)]) {
    const quantized = timed(`quantize ${quantizer.name}`, () => quantizeAll(rules, weights, quantizer))
    const loss = timed(quantizer.name, () =>
      lossOf(spec, (name) => quantized.get(name) as Float32Array, evaluation, multiply),
    )
    console.log(`  loses ${(loss - float).toFixed(4)}`)
  }
}

if (import.meta.main)
  await main(process.argv[2] as string, process.argv[3] as string, Number(process.argv[4] ?? 10_000))
