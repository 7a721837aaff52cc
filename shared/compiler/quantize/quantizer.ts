// How 4-bit values and scales are chosen. The format is fixed (MLC's q4f16_1 and q4f32_1, see packing.ts); a quantizer only chooses within it.

/** Columns that share a scale. */
export const groupColumns = 32

/** Consecutive rows of one matrix; a quantizer treats every row by itself, so blocks of any height give the same bytes. */
export interface RowBlock {
  /** [rowCount, columns] */
  readonly rows: Float32Array
  readonly rowCount: number
  readonly columns: number
  /** MLC's name of the matrix: `model.layers.0.self_attn.qkv_proj.weight`. */
  readonly name: string
  /** Index of the block's first row in the matrix. */
  readonly firstRow: number
  readonly totalRows: number
  readonly scaleType: 'float16' | 'float32'
}

export interface QuantizedRows {
  /** [rowCount, 4 * ceil(columns / 32)] */
  readonly packed: Uint32Array<ArrayBuffer>
  /** [rowCount, ceil(columns / 32)], already rounded to the block's scale type. */
  readonly scales: Float32Array<ArrayBuffer>
}

export const quantizerNames = ['round-to-nearest', 'search', 'gptq'] as const
export type QuantizerName = (typeof quantizerNames)[number]

export interface Quantizer {
  readonly name: QuantizerName
  /** Throws QuantizeError on a value that cannot be represented. */
  readonly quantizeRows: (block: RowBlock) => QuantizedRows
}

/** A weight that has no 4-bit form: NaN, infinity, or too large for the scale type. */
export class QuantizeError extends Error {
  override readonly name = 'QuantizeError'
  readonly matrix: string
  readonly row: number
  readonly column: number
  constructor(block: RowBlock, index: number, problem: string) {
    const row = block.firstRow + Math.floor(index / block.columns)
    const column = index % block.columns
    super(`${block.name}: row ${row}, column ${column}: ${problem}`)
    this.matrix = block.name
    this.row = row
    this.column = column
  }
}

/** Throws on a block whose sizes disagree (a mistake of the caller) or that holds NaN or infinity (QuantizeError). */
export function checkBlock(block: RowBlock): void {
  const { rows, rowCount, columns, firstRow, totalRows } = block
  if (rows.length !== rowCount * columns || columns < 1 || firstRow < 0 || firstRow + rowCount > totalRows)
    throw new RangeError(
      `${block.name}: ${rows.length} values are not rows ${firstRow}+${rowCount} of [${totalRows}, ${columns}]`,
    )
  let probe = 0 // value * 0 is NaN for NaN and infinity only
  for (let index = 0; index < rows.length; index++) probe += (rows[index] as number) * 0
  if (probe === 0) return
  const index = rows.findIndex((value) => !Number.isFinite(value))
  throw new QuantizeError(block, index, `${rows[index]} cannot be quantized`)
}
