// The 4-bit layout of mlc-llm 79d603f, python/mlc_llm/quantization/group_quantization.py: groups of 32 columns, eight values per uint32, lowest
// column in the lowest nibble, value = (q - 7) * scale. MLC produces q in 0..14; its decoder and ours read 15 as 8 * scale. Columns behind the
// last one are filled up to whole groups with q = 0, as MLC's pack_weight does: kernels must not use them.
import { groupColumns, type QuantizedRows } from './quantizer.ts'

export const zeroPoint = 7
const valuesPerWord = 8

/** Groups (and scales) per row. */
export function groupsPerRow(columns: number): number {
  return Math.ceil(columns / groupColumns)
}

/** Packs q, one byte per value [rowCount, columns], into [rowCount, 4 * groups] words. */
export function pack(q: Uint8Array, rowCount: number, columns: number): Uint32Array<ArrayBuffer> {
  const words = groupsPerRow(columns) * (groupColumns / valuesPerWord)
  const packed = new Uint32Array(rowCount * words)
  for (let row = 0; row < rowCount; row++) {
    const end = (row + 1) * columns
    let word = row * words
    for (let start = row * columns; start < end; start += valuesPerWord) {
      const last = Math.min(start + valuesPerWord, end) - 1
      let bits = 0
      for (let index = last; index >= start; index--) bits = (bits << 4) | (q[index] as number)
      packed[word++] = bits
    }
  }
  return packed
}

/** The inverse of pack: one byte per value, [rowCount, columns]. */
export function unpack(packed: Uint32Array, rowCount: number, columns: number): Uint8Array<ArrayBuffer> {
  const words = groupsPerRow(columns) * (groupColumns / valuesPerWord)
  const q = new Uint8Array(rowCount * columns)
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columns; column++) {
      q[row * columns + column] = ((packed[row * words + (column >>> 3)] as number) >>> ((column & 7) * 4)) & 15
    }
  }
  return q
}

/** The weights a model computes with: [rowCount, columns]. */
export function dequantizeRows(quantized: QuantizedRows, rowCount: number, columns: number): Float32Array<ArrayBuffer> {
  const groups = groupsPerRow(columns)
  const q = unpack(quantized.packed, rowCount, columns)
  return Float32Array.from(q, (value, index) => {
    const group = Math.floor(index / columns) * groups + Math.floor((index % columns) / groupColumns)
    return (value - zeroPoint) * (quantized.scales[group] as number)
  })
}
