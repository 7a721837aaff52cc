// Loss in nats per token of a story model, in float32 and quantized by each method, on text that calibration has not seen.
//   node tests/bench/loss.ts <folder with base, instruct and chat> resources/models/text [variant...]
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { calibrate } from '../../shared/compiler/calibrate.ts'
import { finalHidden, headName, type WeightsByName } from '../../shared/compiler/quantize/decoderSteps.ts'
import type { Multiply } from '../../shared/compiler/quantize/matrix.ts'
import { dequantizeRows } from '../../shared/compiler/quantize/packing.ts'
import type { Quantizer } from '../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../shared/compiler/quantize/search.ts'
import { openModel } from './model.ts'
import { calibrationTokens, countedTokens, type SampledText, takeTexts } from './sampleText.ts'
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
    const columns = shape.at(-1) ?? 1
    const rows = weights.get(name) as Float32Array
    const totalRows = rows.length / columns
    const block = { rows, rowCount: totalRows, columns, name, firstRow: 0, totalRows, scaleType: 'float16' as const }
    out.set(name, dequantizeRows(quantizer.quantizeRows(block), totalRows, columns))
  }
  return out
}

type Row = readonly [method: string, loss: number]

/** Loss of one variant by each method, float32 first. */
async function measure(folder: string, textFile: string, tokens: number): Promise<readonly Row[]> {
  const multiply = await simdMultiply()
  const { spec, rules, weights } = await openModel(folder)
  const texts = JSON.parse(await readFile(textFile, 'utf8')) as Record<'calibration' | 'evaluation', SampledText[]>
  const evaluation = takeTexts(texts.evaluation, tokens)
  console.error(`${basename(folder)}: ${evaluation.reduce((sum, text) => sum + countedTokens(text), 0)} tokens`)
  const original: WeightsByName = (name) => weights.get(name) as Float32Array
  const report = (method: string, byName: WeightsByName): Row => {
    const loss = lossOf(spec, byName, evaluation, multiply)
    console.error(`  ${method} ${loss.toFixed(4)}`)
    return [method, loss]
  }
  const rows = [report('float32', original)]
  const calibration = takeTexts(texts.calibration, calibrationTokens).map(({ ids }) => ids)
  const methods = [
    () => roundToNearest,
    () => search,
    () => calibrate({ spec, weights: original, texts: calibration, scaleType: 'float16', multiply }),
  ]
  for (const method of methods) {
    const quantizer = method()
    const quantized = quantizeAll(rules, weights, quantizer)
    rows.push(report(quantizer.name, (name) => quantized.get(name) as Float32Array))
  }
  return rows
}

async function main(checkpoints: string, texts: string, chosen: readonly string[]): Promise<void> {
  const tokens = 2_000
  console.log('| variant | method | nats per token | lost by 4 bits |\n|---|---|---|---|')
  for (const variant of chosen.length === 0 ? ['base', 'instruct', 'chat'] : chosen) {
    const rows = await measure(join(checkpoints, variant), join(texts, `${variant}.json`), tokens)
    const float = rows[0]?.[1] ?? 0
    for (const [method, loss] of rows) {
      const lost = method === 'float32' ? '' : (loss - float).toFixed(4)
      console.log(`| ${variant} | ${method} | ${loss.toFixed(4)} | ${lost} |`)
    }
  }
}

if (import.meta.main) await main(process.argv[2] as string, process.argv[3] as string, process.argv.slice(4))
