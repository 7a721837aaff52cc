// Calibrated quantization of a small checkpoint: runs text through the model, matrix by matrix, and notes what GPTQ needs to know of each. All weights
// and the activations of the whole text are held in memory and computed in plain TypeScript: for models of some tens of millions of parameters.
// Larger checkpoints are quantized by `search`, which streams.
import type { DecoderSpec, WeightRule } from './architectures/spec.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { decoderSteps, type MatrixStep, type WeightsByName } from './quantize/decoderSteps.ts'
import { dampedHessian, gptqQuantizer, type MatrixCalibration } from './quantize/gptq.ts'
import { cholesky, crossProducts, type Multiply, multiplyRows, solveCholesky } from './quantize/matrix.ts'
import { dequantizeRows } from './quantize/packing.ts'
import type { QuantizedRows, Quantizer, RowBlock } from './quantize/quantizer.ts'
import { search } from './quantize/search.ts'
import { readRule } from './weightBlocks.ts'

/** All weights of a model under the names its rules give them. */
export async function readWeights(
  checkpoint: Checkpoint,
  rules: readonly WeightRule[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> {
  const weights = new Map<string, Float32Array>()
  for (const rule of rules) weights.set(rule.name, await readRule(checkpoint, rule, signal))
  return weights
}

export interface CalibrationRequest {
  readonly spec: DecoderSpec
  /** Under the names the spec gives them. */
  readonly weights: WeightsByName
  /** Texts as token ids, each from position 0 on. */
  readonly texts: readonly (readonly number[])[]
  readonly scaleType: RowBlock['scaleType']
  /** A faster product, if there is one. */
  readonly multiply?: Multiply
}

/**
 * A quantizer for the model of these very weights, by GPTQ; a matrix the forward does not see is searched. The text runs through the float model and,
 * beside it, through the model as quantized so far: a matrix is fitted to the inputs it will really get, and shifted towards the output it should have
 * given, with what the residual stream has lost before it.
 */
export function calibrate(request: CalibrationRequest): Quantizer {
  const { spec, weights, texts, multiply = multiplyRows } = request
  const found = new Map<string, QuantizedRows>()
  const quantized = new Map<string, Float32Array>()
  const settle = (name: string, calibration: MatrixCalibration) => {
    const block = wholeMatrix(request, name, calibration.columns)
    const rows = gptqQuantizer(new Map([[name, calibration]])).quantizeRows(block)
    found.set(name, rows)
    quantized.set(name, dequantizeRows(rows, block.rowCount, block.columns))
  }
  // The embedding is read before any matrix. Where it is the head too, it is fitted to the head's inputs in the float model.
  const embedding = `${spec.embedding.name}.weight`
  if (spec.head.tied) {
    const last = lastStep(decoderSteps(spec, weights, texts, multiply))
    settle(embedding, { columns: last.columns, hessian: inputProducts(last, last, multiply) })
  } else {
    const block = wholeMatrix(request, embedding, spec.hiddenSize)
    quantized.set(embedding, dequantizeRows(search.quantizeRows(block), block.rowCount, block.columns))
  }
  const exact = decoderSteps(spec, weights, texts, multiply)
  const actual = decoderSteps(spec, (name) => quantized.get(name) ?? weights(name), texts, multiply)
  for (const wanted of exact) {
    const given = actual.next()
    if (given.done === true || found.has(wanted.name)) break
    const hessian = inputProducts(given.value, given.value, multiply)
    const shift = outputShift(weights(wanted.name), wanted, given.value, hessian, multiply)
    settle(wanted.name, { columns: wanted.columns, hessian, shift })
  }
  const quantizeRows = (block: RowBlock): QuantizedRows => {
    const rows = found.get(block.name)
    return rows === undefined ? search.quantizeRows(block) : rowsOf(rows, block)
  }
  return { name: 'gptq', quantizeRows }
}

/** The block's rows of a quantized matrix. */
function rowsOf({ packed, scales }: QuantizedRows, { firstRow, rowCount, totalRows }: RowBlock): QuantizedRows {
  const part = (length: number) =>
    [(length / totalRows) * firstRow, (length / totalRows) * (firstRow + rowCount)] as const
  return { packed: packed.slice(...part(packed.length)), scales: scales.slice(...part(scales.length)) }
}

function lastStep(steps: Iterable<MatrixStep>): MatrixStep {
  let last: MatrixStep | undefined
  for (const step of steps) last = step
  if (last === undefined) throw new RangeError('a model without matrices')
  return last
}

/** Sum over tokens of inputs of `a` outer inputs of `b`: [columns, columns]. */
function inputProducts(a: MatrixStep, b: MatrixStep, multiply: Multiply): Float64Array {
  return crossProducts(a.inputs, b.inputs, a.inputs.length / a.columns, a.columns, b.columns, multiply)
}

/**
 * The least-squares change of a matrix that turns the inputs it gets into the output it should give: with inputs X wanted, Y given and residuals
 * R wanted, S given, the D with least |D Y - (W (X - Y) + R - S)|^2, damped. [rows, columns]
 */
function outputShift(
  weights: Float32Array,
  wanted: MatrixStep,
  given: MatrixStep,
  hessian: Float64Array,
  multiply: Multiply,
): Float32Array {
  const { columns } = given
  const tokens = given.inputs.length / columns
  const rows = weights.length / columns
  const lost = difference(wanted.inputs, given.inputs)
  // [columns of Y, columns of X - Y], so that multiply's rows are what W's rows meet.
  const products = Float32Array.from(crossProducts(given.inputs, lost, tokens, columns, columns, multiply))
  const pull = Float64Array.from(multiply(weights, products, rows, columns, columns))
  if (wanted.residual !== null && given.residual !== null) {
    const residual = difference(wanted.residual, given.residual)
    const more = crossProducts(residual, given.inputs, tokens, rows, columns, multiply)
    for (const [index, value] of more.entries()) pull[index] = (pull[index] as number) + value
  }
  const lower = cholesky(dampedHessian(hessian, columns), columns)
  for (let row = 0; row < rows; row++) solveCholesky(lower, pull.subarray(row * columns, (row + 1) * columns), columns)
  return Float32Array.from(pull)
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, index) => value - (b[index] as number))
}

function wholeMatrix({ weights, scaleType }: CalibrationRequest, name: string, columns: number): RowBlock {
  const rows = weights(name)
  const rowCount = rows.length / columns
  return { rows, rowCount, columns, name, firstRow: 0, totalRows: rowCount, scaleType }
}
