// The scale of each group chosen by search: of many candidates the one with the least squared error. Knows nothing but the weights, so it serves any
// checkpoint and streams; MLC's formula is one of the candidates, so no group gets worse than by rounding to nearest.
import { groupsPerRow, pack } from './packing.ts'
import { checkBlock, groupColumns, type QuantizedRows, type Quantizer, type RowBlock } from './quantizer.ts'
import { nearestScale } from './roundToNearest.ts'
import { bestScale, nearestQ } from './scale.ts'

export const search: Quantizer = { name: 'search', quantizeRows }

function quantizeRows(block: RowBlock): QuantizedRows {
  checkBlock(block)
  const { rows, rowCount, columns, scaleType } = block
  const groups = groupsPerRow(columns)
  const q = new Uint8Array(rows.length)
  const scales = new Float32Array(rowCount * groups)
  for (let row = 0; row < rowCount; row++) {
    for (let group = 0; group < groups; group++) {
      const start = row * columns + group * groupColumns
      const end = Math.min(start + groupColumns, (row + 1) * columns)
      const scale = bestScale(rows, start, end, nearestScale(block, start, end), scaleType, null)
      scales[row * groups + group] = scale
      for (let index = start; index < end; index++) q[index] = nearestQ(rows[index] as number, scale)
    }
  }
  return { packed: pack(q, rowCount, columns), scales }
}
