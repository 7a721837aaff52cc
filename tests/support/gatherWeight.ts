// A model's tensor put together from a checkpoint's, as WeightRule says, in the plainest way: everything in memory, row by row. What the compiler's own
// reader, which streams, is compared with.
import type { RowRange, WeightRule, WeightSource } from '../../shared/compiler/architectures/spec.ts'

export interface StoredTensor {
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Float32Array
}

/** The rule's tensor, row-major. Throws on a source that is missing or has another shape, and on too few or too many values. */
export function gatherWeight(rule: WeightRule, stored: ReadonlyMap<string, StoredTensor>): Float32Array<ArrayBuffer> {
  const parts = rule.sources.flatMap((source) => rowsOf(source, stored))
  const out = new Float32Array(rule.shape.reduce((product, size) => product * size, 1))
  let filled = 0
  for (const part of parts) {
    out.set(part, filled)
    filled += part.length
  }
  if (filled !== out.length) throw new Error(`${rule.name}: sources give ${filled} of ${out.length} values`)
  return out
}

function rowsOf(source: WeightSource, stored: ReadonlyMap<string, StoredTensor>): readonly Float32Array[] {
  const name = [source.tensor, ...(source.aliases ?? [])].find((candidate) => stored.has(candidate))
  const found = name === undefined ? undefined : stored.get(name)
  if (found === undefined) throw new Error(`no tensor ${source.tensor}`)
  if (found.shape.join() !== source.shape.join())
    throw new Error(`${name}: [${found.shape}], expected [${source.shape}]`)
  const { shape, values } = source.transposed === true ? transposed(found) : found
  const columns = values.length / (shape[0] ?? 1)
  const ranges: readonly RowRange[] = source.rows ?? [[0, shape[0] ?? 1]]
  return ranges.map(([start, count]) => values.subarray(start * columns, (start + count) * columns))
}

/** A matrix turned over. */
export function transposed({ shape: [rows = 0, columns = 0], values }: StoredTensor): StoredTensor {
  const turned = Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number)
  return { shape: [columns, rows], values: turned }
}
