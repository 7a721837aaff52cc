// GPTQ (Frantar et al. 2022, arXiv:2210.17323): columns are rounded one after the other, and what a rounding did to the matrix's output on calibration
// text is made good by the columns still to come. With MLC's fixed groups of 32 in column order; a group's scale is searched when its first column is
// reached, on the weights as corrected so far. Then the result is polished: each value in turn moves to the multiple that is best given all others,
// and each scale to its least-squares optimum, which never raises the error (coordinate descent).
import { roundScale } from './float16.ts'
import { cholesky, invertDefinite } from './matrix.ts'
import { dequantizeRows, groupsPerRow, pack, unpack, zeroPoint } from './packing.ts'
import { checkBlock, groupColumns, type QuantizedRows, type Quantizer, type RowBlock } from './quantizer.ts'
import { nearestScale, roundToNearest } from './roundToNearest.ts'
import { bestScale, nearestQ } from './scale.ts'
import { search } from './search.ts'

/** What calibration knows of a matrix: which errors of a row cost how much. */
export interface MatrixCalibration {
  readonly columns: number
  /** [columns, columns], sum over calibration tokens of input outer input; symmetric. */
  readonly hessian: Float64Array
  /** [rows, columns], added to the weights before they are quantized: what makes good the errors of the matrices before this one. */
  readonly shift?: Float32Array
}

/** Rounds; 0 leaves plain GPTQ. */
const polishRounds = 4
/** Added to the diagonal, as a share of its mean (the paper's 1 %). */
const dampingFraction = 0.01

/** Quantizes matrices that were calibrated by GPTQ, all others by search. Row by row, so blocks may have any height. */
export function gptqQuantizer(calibration: ReadonlyMap<string, MatrixCalibration>): Quantizer {
  const prepared = new Map<string, Prepared>()
  const quantizeRows = (block: RowBlock): QuantizedRows => {
    const known = calibration.get(block.name)
    if (known === undefined) return search.quantizeRows(block)
    if (known.columns !== block.columns)
      throw new RangeError(`${block.name}: calibrated with ${known.columns} columns, but it has ${block.columns}`)
    const ready = prepared.get(block.name) ?? prepare(known)
    prepared.set(block.name, ready)
    return quantizeBlock(shifted(block, known.shift), ready)
  }
  return { name: 'gptq', quantizeRows }
}

function shifted(block: RowBlock, shift: Float32Array | undefined): RowBlock {
  if (shift === undefined) return block
  const first = block.firstRow * block.columns
  return { ...block, rows: block.rows.map((value, index) => value + (shift[first + index] ?? 0)) }
}

interface Prepared {
  /** Damped Hessian. */
  readonly hessian: Float64Array
  /** Upper Cholesky factor U of its inverse: inverse = U^T U. */
  readonly upper: Float64Array
  /** 1 / U[j][j]^2: what an error in column j costs once later columns have made good what they can. */
  readonly importance: Float64Array
}

function prepare({ hessian, columns }: MatrixCalibration): Prepared {
  const damped = dampedHessian(hessian, columns)
  const upper = upperFactor(invertDefinite(damped, columns), columns)
  const importance = Float64Array.from({ length: columns }, (_, j) => (upper[j * columns + j] as number) ** -2)
  return { hessian: damped, upper, importance }
}

/** A Hessian that can be inverted: a share of the mean of its diagonal added to the diagonal. */
export function dampedHessian(hessian: Float64Array, columns: number): Float64Array<ArrayBuffer> {
  const damped = Float64Array.from(hessian)
  let trace = 0
  for (let column = 0; column < columns; column++) trace += damped[column * columns + column] as number
  const damping = trace === 0 ? 1 : (dampingFraction * trace) / columns
  for (let column = 0; column < columns; column++)
    damped[column * columns + column] = (damped[column * columns + column] as number) + damping
  return damped
}

/** U upper with matrix = U^T U: the transpose of the lower Cholesky factor. */
function upperFactor(matrix: Float64Array, size: number): Float64Array {
  const lower = cholesky(matrix, size)
  return Float64Array.from(lower, (_, index) => lower[(index % size) * size + Math.floor(index / size)] as number)
}

function quantizeBlock(block: RowBlock, prepared: Prepared): QuantizedRows {
  checkBlock(block)
  const { rows, rowCount, columns } = block
  const groups = groupsPerRow(columns)
  const nearest = roundToNearest.quantizeRows(block)
  const nearestQs = unpack(nearest.packed, rowCount, columns)
  const nearestValues = dequantizeRows(nearest, rowCount, columns)
  const q = new Uint8Array(rows.length)
  const scales = new Float32Array(rowCount * groups)
  for (let row = 0; row < rowCount; row++) {
    const weights = rows.subarray(row * columns, (row + 1) * columns)
    const rowQ = q.subarray(row * columns, (row + 1) * columns)
    const rowScales = scales.subarray(row * groups, (row + 1) * groups)
    propagate(block, row, prepared, rowQ, rowScales)
    const error = polish(weights, prepared.hessian, block.scaleType, rowQ, rowScales)
    // Never worse than rounding to nearest on the calibration text, row by row.
    if (error <= quadraticError(weights, nearestValues.subarray(row * columns, (row + 1) * columns), prepared.hessian))
      continue
    rowQ.set(nearestQs.subarray(row * columns, (row + 1) * columns))
    rowScales.set(nearest.scales.subarray(row * groups, (row + 1) * groups))
  }
  return { packed: pack(q, rowCount, columns), scales }
}

/** GPTQ proper, on one row: fills q and scales. */
function propagate(
  block: RowBlock,
  row: number,
  { upper, importance }: Prepared,
  q: Uint8Array,
  scales: Float32Array,
): void {
  const { columns, scaleType } = block
  const work = Float64Array.from(block.rows.subarray(row * columns, (row + 1) * columns))
  for (let start = 0; start < columns; start += groupColumns) {
    const end = Math.min(start + groupColumns, columns)
    const original = row * columns
    const fallback = nearestScale(block, original + start, original + end)
    const scale = bestScale(work, start, end, fallback, scaleType, importance.subarray(start, end))
    scales[start / groupColumns] = scale
    for (let column = start; column < end; column++) {
      const value = work[column] as number
      const chosen = nearestQ(value, scale)
      q[column] = chosen
      const at = column * columns
      const error = (value - (chosen - zeroPoint) * scale) / (upper[at + column] as number)
      for (let later = column + 1; later < columns; later++)
        work[later] = (work[later] as number) - error * (upper[at + later] as number)
    }
  }
}

/** Coordinate descent on (w - v) H (w - v)^T over values and scales; gives the error reached. */
function polish(
  weights: Float32Array,
  hessian: Float64Array,
  scaleType: RowBlock['scaleType'],
  q: Uint8Array,
  scales: Float32Array,
): number {
  const columns = weights.length
  const difference = new Float64Array(columns)
  for (let column = 0; column < columns; column++)
    difference[column] = (weights[column] as number) - valueAt(q, scales, column)
  // gradient = H (w - v)
  const gradient = new Float64Array(columns)
  for (let column = 0; column < columns; column++) addRow(gradient, hessian, column, difference[column] as number)
  for (let round = 0; round < polishRounds; round++) {
    let moved = false
    for (let group = 0; group < scales.length; group++) {
      const start = group * groupColumns
      const end = Math.min(start + groupColumns, columns)
      if (rescale(hessian, scaleType, q, scales, group, start, end, difference, gradient)) moved = true
      const scale = scales[group] as number
      if (scale === 0) continue
      for (let column = start; column < end; column++) {
        const curvature = hessian[column * columns + column] as number
        const current = q[column] as number
        const target = (current - zeroPoint) * scale + (gradient[column] as number) / curvature
        const chosen = nearestQ(target, scale)
        if (chosen === current) continue
        const step = (current - chosen) * scale
        // A move must lower the error, not only tie with it, or rounds could swing to and fro.
        if (step * (2 * (gradient[column] as number) + step * curvature) >= 0) continue
        q[column] = chosen
        difference[column] = (difference[column] as number) + step
        addRow(gradient, hessian, column, step)
        moved = true
      }
    }
    if (!moved) break
  }
  let error = 0
  for (let column = 0; column < columns; column++)
    error += (difference[column] as number) * (gradient[column] as number)
  return error
}

/** Moves one scale to its least-squares optimum with the values as they are. */
function rescale(
  hessian: Float64Array,
  scaleType: RowBlock['scaleType'],
  q: Uint8Array,
  scales: Float32Array,
  group: number,
  start: number,
  end: number,
  difference: Float64Array,
  gradient: Float64Array,
): boolean {
  const columns = difference.length
  let slope = 0
  let curvature = 0
  for (let i = start; i < end; i++) {
    const multiple = (q[i] as number) - zeroPoint
    if (multiple === 0) continue
    slope += multiple * (gradient[i] as number)
    let sum = 0
    for (let j = start; j < end; j++) sum += (hessian[i * columns + j] as number) * ((q[j] as number) - zeroPoint)
    curvature += multiple * sum
  }
  if (!(curvature > 0)) return false
  const current = scales[group] as number
  const scale = roundScale(current + slope / curvature, scaleType)
  const change = scale - current
  if (change === 0 || scale === 0 || !Number.isFinite(scale) || change * (change * curvature - 2 * slope) >= 0)
    return false
  scales[group] = scale
  for (let column = start; column < end; column++) {
    const step = -change * ((q[column] as number) - zeroPoint)
    if (step === 0) continue
    difference[column] = (difference[column] as number) + step
    addRow(gradient, hessian, column, step)
  }
  return true
}

function valueAt(q: Uint8Array, scales: Float32Array, column: number): number {
  return ((q[column] as number) - zeroPoint) * (scales[Math.floor(column / groupColumns)] as number)
}

/** target += factor * row of a symmetric matrix. */
function addRow(target: Float64Array, matrix: Float64Array, row: number, factor: number): void {
  const start = row * target.length
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] as number) + factor * (matrix[start + index] as number)
}

/** (w - v) H (w - v)^T for one row. */
export function quadraticError(weights: Float32Array, values: Float32Array, hessian: Float64Array): number {
  const size = weights.length
  let error = 0
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < size; j++)
      sum += (hessian[i * size + j] as number) * ((weights[j] as number) - (values[j] as number))
    error += sum * ((weights[i] as number) - (values[i] as number))
  }
  return error
}
