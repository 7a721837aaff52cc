// Where a rule's values come from, cut into blocks: rows gathered from stored tensors, turned over where they are stored [inputs, outputs]. However large
// a tensor is, one block of it is in memory (and the next, which is read meanwhile).
import { CompileError } from '../errors.ts'
import type { RowRange, WeightRule, WeightSource } from './architectures/spec.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { quoted } from './checkpoint/json.ts'
import type { TensorEntry } from './checkpoint/safetensors.ts'

/** Values in memory at a time. */
export interface BlockSizes {
  readonly blockElements: number
  /** Of a matrix that is turned over: a larger one is read once for each strip of this size. */
  readonly stripElements: number
}

/** 16 and 128 MiB as float32. */
const usualSizes: BlockSizes = { blockElements: 4 * 2 ** 20, stripElements: 32 * 2 ** 20 }

/** Consecutive rows of a rule's stacked rows, from one tensor of the checkpoint. */
export interface Block {
  readonly tensor: TensorEntry
  readonly ruleRow: number
  readonly rowCount: number
  /** What the block takes in the checkpoint. */
  readonly sizeBytes: number
  /** [rowCount, columns] */
  readonly read: (signal: AbortSignal) => Promise<Float32Array>
  /** Index within the tensor of a value of the block. */
  readonly elementOf: (index: number) => number
}

/** The blocks of a rule in the order of its rows. The checkpoint must have passed checkTensors. */
export function blocksOf(rule: WeightRule, checkpoint: Checkpoint, sizes: BlockSizes = usualSizes): readonly Block[] {
  const blocks: Block[] = []
  let ruleRow = 0
  for (const source of rule.sources) {
    const tensor = findTensor(checkpoint, source)
    if (tensor === undefined) throw new Error(`${source.tensor} is missing`)
    const columns = columnsOf(rule, source)
    const rowBytes = columns * (tensor.sizeBytes / sizeOf(tensor.shape))
    const parts = source.transposed
      ? strips(checkpoint, tensor, source, sizes)
      : gathered(checkpoint, tensor, source, columns, sizes)
    for (const part of parts) {
      blocks.push({ ...part, tensor, ruleRow, sizeBytes: part.rowCount * rowBytes })
      ruleRow += part.rowCount
    }
  }
  return blocks
}

/** The tensor of a source under the first of its names that is there. */
export function findTensor(checkpoint: Checkpoint, { tensor, aliases = [] }: WeightSource): TensorEntry | undefined {
  const name = [tensor, ...aliases].find((one) => checkpoint.tensors.has(one))
  return name === undefined ? undefined : checkpoint.tensors.get(name)
}

/** Rows of a source: axis 0, or those of the turned-over matrix where it is transposed. */
export function rowCountOf({ shape, transposed }: WeightSource): number {
  return (transposed ? shape[1] : shape[0]) ?? 1
}

/** The ranges a source takes of its rows. */
export function rowRangesOf(source: WeightSource): readonly RowRange[] {
  return source.rows ?? [[0, rowCountOf(source)]]
}

/** Elements of a row: of the rule where it is a matrix; a float tensor's shape matters as a whole only, and the source's own rows do. */
export function columnsOf(rule: WeightRule, { shape, transposed }: WeightSource): number {
  if (rule.kind === 'matrix') return rule.shape.at(-1) ?? 1
  return transposed ? (shape[0] ?? 1) : sizeOf(shape.slice(1))
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** All values of a rule: [...shape]. For models that fit into memory. */
export async function readRule(checkpoint: Checkpoint, rule: WeightRule, signal: AbortSignal): Promise<Float32Array> {
  const values = new Float32Array(sizeOf(rule.shape))
  let filled = 0
  for (const block of blocksOf(rule, checkpoint)) {
    const part = await block.read(signal)
    values.set(part, filled)
    filled += part.length
  }
  return values
}

type SourceBlock = Omit<Block, 'tensor' | 'ruleRow' | 'sizeBytes'>

/** Ranges of rows in the order given, neighbours joined, packed into blocks. */
function gathered(
  checkpoint: Checkpoint,
  tensor: TensorEntry,
  source: WeightSource,
  columns: number,
  { blockElements }: BlockSizes,
): readonly SourceBlock[] {
  // The tensor as [rows, columns], whatever its rank: one row of axis 0 may hold several.
  const storedColumns = sizeOf(source.shape.slice(1))
  const rowsOf = (storedRows: number) => (storedRows * storedColumns) / columns
  if (storedColumns !== columns && tensor.strides !== undefined)
    throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, 'is a permuted view of more than two axes')
  const view = storedColumns === columns ? tensor : { ...tensor, shape: [sizeOf(source.shape) / columns, columns] }
  const rowsPerBlock = Math.max(1, Math.floor(blockElements / columns))
  const ranges = rowRangesOf(source).map(([start, count]): RowRange => [rowsOf(start), rowsOf(count)])
  return packed(joined(ranges), rowsPerBlock).map((spans) => ({
    rowCount: spans.reduce((sum, [, count]) => sum + count, 0),
    read: async (signal) => await readSpans(checkpoint, view, spans, signal),
    elementOf: (index) => rowAt(spans, Math.floor(index / columns)) * columns + (index % columns),
  }))
}

function joined(ranges: readonly RowRange[]): readonly RowRange[] {
  const all: RowRange[] = []
  for (const [start, count] of ranges) {
    const last = all.at(-1)
    if (last !== undefined && last[0] + last[1] === start) all[all.length - 1] = [last[0], last[1] + count]
    else all.push([start, count])
  }
  return all
}

/** Cuts the ranges into groups of at most `rowsPerBlock` rows. */
function packed(ranges: readonly RowRange[], rowsPerBlock: number): readonly (readonly RowRange[])[] {
  const groups: RowRange[][] = []
  let room = 0
  for (const [start, count] of ranges) {
    for (let done = 0; done < count; ) {
      if (room === 0) {
        groups.push([])
        room = rowsPerBlock
      }
      const taken = Math.min(room, count - done)
      groups.at(-1)?.push([start + done, taken])
      done += taken
      room -= taken
    }
  }
  return groups
}

function rowAt(spans: readonly RowRange[], row: number): number {
  let before = 0
  for (const [start, count] of spans) {
    if (row < before + count) return start + row - before
    before += count
  }
  throw new RangeError(`row ${row} of ${before}`)
}

async function readSpans(
  checkpoint: Checkpoint,
  view: TensorEntry,
  spans: readonly RowRange[],
  signal: AbortSignal,
): Promise<Float32Array> {
  const [first] = spans
  if (spans.length === 1 && first !== undefined) return await checkpoint.readRows(view, first[0], first[1], signal)
  const columns = sizeOf(view.shape.slice(1))
  const values = new Float32Array(spans.reduce((sum, [, count]) => sum + count * columns, 0))
  let filled = 0
  for (const [start, count] of spans) {
    values.set(await checkpoint.readRows(view, start, count, signal), filled)
    filled += count * columns
  }
  return values
}

/** Rows of the turned-over matrix, which are columns of the stored one. */
function strips(
  checkpoint: Checkpoint,
  tensor: TensorEntry,
  source: WeightSource,
  sizes: BlockSizes,
): readonly SourceBlock[] {
  const [inputs = 1, outputs = 1] = source.shape
  const rowsPerStrip = Math.max(1, Math.floor(sizes.stripElements / inputs))
  return packed(joined(rowRangesOf(source)), rowsPerStrip).map((spans) => ({
    rowCount: spans.reduce((sum, [, count]) => sum + count, 0),
    read: async (signal) => await readStrip(checkpoint, tensor, spans, sizes, signal),
    elementOf: (index) => (index % inputs) * outputs + rowAt(spans, Math.floor(index / inputs)),
  }))
}

/** Reads the stored matrix [inputs, outputs] piece by piece and keeps the wanted columns, each as a row of `inputs` values. */
async function readStrip(
  checkpoint: Checkpoint,
  tensor: TensorEntry,
  spans: readonly RowRange[],
  { blockElements }: BlockSizes,
  signal: AbortSignal,
): Promise<Float32Array> {
  const [inputs = 1, outputs = 1] = tensor.shape
  const rowsPerPiece = Math.max(1, Math.floor(blockElements / outputs))
  const values = new Float32Array(spans.reduce((sum, [, count]) => sum + count * inputs, 0))
  for (let first = 0; first < inputs; first += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, inputs - first)
    const piece = await checkpoint.readRows(tensor, first, count, signal)
    let row = 0
    for (const [start, wanted] of spans) {
      for (let output = start; output < start + wanted; output++, row++) {
        const at = row * inputs + first
        for (let input = 0; input < count; input++) values[at + input] = piece[input * outputs + output] as number
      }
    }
  }
  return values
}
