// MLC's own choice, byte for byte: scale = max|w| / 7, q = clamp(round(w / scale + 7), 0, 14), every step in the model's float type.
// mlc-llm 79d603f, group_quantization.py `_quantize`: `weight`, `max_abs`, `max_int` and thus scale, quotient and sum all have model_dtype, so
// q4f16_1 rounds the weight, the scale, the quotient and the sum to float16; on a CPU TVM's `round` is LLVM's: ties away from zero.
import { roundScale, roundToFloat16 } from './float16.ts'
import { groupsPerRow, pack, zeroPoint } from './packing.ts'
import { checkBlock, groupColumns, QuantizeError, type Quantizer, type RowBlock } from './quantizer.ts'

export const roundToNearest: Quantizer = { name: 'round-to-nearest', quantizeRows }

function quantizeRows(block: RowBlock) {
  checkBlock(block)
  const { rows, rowCount, columns } = block
  const groups = groupsPerRow(columns)
  const q = new Uint8Array(rows.length)
  const scales = new Float32Array(rowCount * groups)
  for (let row = 0; row < rowCount; row++) {
    for (let group = 0; group < groups; group++) {
      const start = row * columns + group * groupColumns
      const end = Math.min(start + groupColumns, (row + 1) * columns)
      scales[row * groups + group] = quantizeGroup(block, start, end, q)
    }
  }
  return { packed: pack(q, rowCount, columns), scales }
}

/** Fills q from `start` to `end` and gives the scale: 0, with every q = 7, where the group is zero or too small for the scale type. */
function quantizeGroup(block: RowBlock, start: number, end: number, q: Uint8Array): number {
  const { rows, scaleType } = block
  const scale = nearestScale(block, start, end)
  if (scale === 0) q.fill(zeroPoint, start, end)
  else if (scaleType === 'float32') {
    for (let index = start; index < end; index++) {
      const sum = Math.fround(Math.fround((rows[index] as number) / scale) + zeroPoint)
      q[index] = Math.max(0, Math.min(14, Math.floor(sum + 0.5)))
    }
  } else {
    for (let index = start; index < end; index++) q[index] = quotientInFloat16(rows[index] as number, scale)
  }
  return scale
}

/**
 * round(w / scale + 7) with weight, quotient and sum rounded to float16. Together these roundings move the sum by less than 0.01, so away from a tie they
 * need not be carried out.
 */
function quotientInFloat16(weight: number, scale: number): number {
  let sum = weight / scale + zeroPoint
  const beyondHalf = sum - Math.floor(sum) - 0.5
  if (scale < 2 ** -14 || (beyondHalf > -0.01 && beyondHalf < 0.01))
    sum = roundToFloat16(roundToFloat16(weightInFloat16(weight) / scale) + zeroPoint)
  return Math.max(0, Math.min(14, Math.floor(sum + 0.5)))
}

/** max|w| / 7 of a group in the scale type. Throws where that is infinite. */
export function nearestScale(block: RowBlock, start: number, end: number): number {
  const { rows, scaleType } = block
  let greatest = 0
  let at = start
  for (let index = start; index < end; index++) {
    const magnitude = Math.abs(rows[index] as number)
    if (magnitude > greatest) {
      greatest = magnitude
      at = index
    }
  }
  const scale = roundScale((scaleType === 'float16' ? weightInFloat16(greatest) : greatest) / zeroPoint, scaleType)
  if (scale === Infinity) throw new QuantizeError(block, at, `${rows[at]} is too large for a ${scaleType} scale`)
  return scale
}

/** A weight beyond float16 keeps its value: its scale may still fit, where MLC would write infinity. */
function weightInFloat16(value: number): number {
  const rounded = roundToFloat16(value)
  return Number.isFinite(rounded) ? rounded : value
}
