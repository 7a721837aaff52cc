// The weights of a checkpoint in a weight format: one block of rows at a time, so that memory does not grow with the model or with a tensor.
import { CompileError } from '../errors.ts'
import type { WeightRule } from './architectures/spec.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { configFile } from './checkpoint/config.ts'
import { narrowFloat16 } from './checkpoint/float16.ts'
import { quoted } from './checkpoint/json.ts'
import type { TensorEntry } from './checkpoint/safetensors.ts'
import { parametersOf } from './graph/parameters.ts'
import { floatType, isQuantized, type WeightFormat } from './kernels/target.ts'
import { QuantizeError, type Quantizer } from './quantize/quantizer.ts'
import type { ShardWriter } from './shards.ts'

/** Values held at a time: 16 MiB as float32. */
const blockElements = 4 * 2 ** 20

export interface WeightPlan {
  readonly rules: readonly WeightRule[]
  readonly format: WeightFormat
  readonly quantizer: Quantizer
}

/** Converts and writes every rule's parameters in order. `onBytes` is told of the checkpoint bytes read. */
export async function writeWeights(
  checkpoint: Checkpoint,
  plan: WeightPlan,
  writer: ShardWriter,
  onBytes: (sizeBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { rules, format, quantizer } = plan
  let blocks = readAhead(
    checkpoint,
    rules.flatMap((rule) => blocksOf(rule, checkpoint)),
    signal,
  )
  const next = async () => {
    const { block, values, rest } = await blocks()
    blocks = rest
    onBytes(block.sizeBytes)
    return { block, values }
  }
  for (const rule of rules) {
    const count = blocksOf(rule, checkpoint).length
    if (rule.kind === 'matrix' && isQuantized(format))
      await writeQuantized(rule, format, quantizer, count, next, writer, signal)
    else await writeFloat(rule, format, count, next, writer, signal)
  }
}

/** Rows of one source tensor that are converted together. */
interface Block {
  readonly tensor: TensorEntry
  /** First row within the source tensor, and within the rule's stacked rows. */
  readonly sourceRow: number
  readonly ruleRow: number
  readonly rowCount: number
  readonly sizeBytes: number
}
type Next = () => Promise<{ readonly block: Block; readonly values: Float32Array }>

function blocksOf(rule: WeightRule, checkpoint: Checkpoint): readonly Block[] {
  const columns = rule.shape[1] ?? 1
  const rowsPerBlock = Math.max(1, Math.floor(blockElements / columns))
  const blocks: Block[] = []
  let ruleRow = 0
  for (const source of rule.sources) {
    const tensor = checkpoint.tensors.get(source.tensor)
    if (tensor === undefined) throw new Error(`${source.tensor} is missing`)
    const [rows = 0] = source.shape
    for (let sourceRow = 0; sourceRow < rows; sourceRow += rowsPerBlock) {
      const rowCount = Math.min(rowsPerBlock, rows - sourceRow)
      blocks.push({ tensor, sourceRow, ruleRow, rowCount, sizeBytes: (tensor.sizeBytes / rows) * rowCount })
      ruleRow += rowCount
    }
  }
  return blocks
}

interface ReadBlock {
  readonly block: Block
  readonly values: Float32Array
  readonly rest: () => Promise<ReadBlock>
}

/** Reads one block ahead: the disk works while the block before is converted. */
function readAhead(checkpoint: Checkpoint, blocks: readonly Block[], signal: AbortSignal): () => Promise<ReadBlock> {
  const start = (index: number): (() => Promise<ReadBlock>) => {
    const block = blocks[index]
    if (block === undefined) return () => Promise.reject(new Error('no block is left'))
    const reading = checkpoint.readRows(block.tensor, block.sourceRow, block.rowCount, signal)
    reading.catch(() => undefined) // reported where it is awaited; a failure elsewhere may come first
    return async () => {
      const values = await reading
      signal.throwIfAborted()
      return { block, values, rest: start(index + 1) }
    }
  }
  return start(0)
}

async function writeQuantized(
  rule: WeightRule,
  format: WeightFormat,
  quantizer: Quantizer,
  blockCount: number,
  next: Next,
  writer: ShardWriter,
  signal: AbortSignal,
): Promise<void> {
  const [packedParameter, scaleParameter] = parametersOf(rule, format)
  if (packedParameter === undefined || scaleParameter === undefined) throw new Error(`${rule.name} is not quantized`)
  const [totalRows = 0, columns = 0] = rule.shape
  const [, groups = 0] = scaleParameter.shape
  const scaleType = floatType(format)
  // Scales follow the packed values in the file: 1/32 of the elements, held until the last block is written.
  const scales = new Float32Array(paddedScaleRows(totalRows, groups, scaleType) * groups)
  writer.begin({ ...packedParameter, sizeBytes: packedParameter.shape.reduce((product, size) => product * size, 4) })
  for (let index = 0; index < blockCount; index++) {
    const { block, values } = await next()
    const { rowCount, ruleRow, tensor } = block
    const named = <T>(work: () => T): T => {
      try {
        return work()
      } catch (cause) {
        if (!(cause instanceof QuantizeError)) throw cause
        throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, cause.message, { cause })
      }
    }
    const quantized = named(() =>
      quantizer.quantizeRows({
        rows: values,
        rowCount,
        columns,
        name: rule.name,
        firstRow: ruleRow,
        totalRows,
        scaleType,
      }),
    )
    scales.set(quantized.scales, ruleRow * groups)
    await writer.write(bytesOf(quantized.packed), signal)
  }
  const stored = scaleType === 'float16' ? narrowFloat16(scales) : scales
  writer.begin({ ...scaleParameter, shape: [scales.length / groups, groups], sizeBytes: stored.byteLength })
  await writer.write(bytesOf(stored), signal)
}

/** An odd number of float16 scales gets one more row of zeros, which no kernel reads: records are a multiple of 4 bytes. */
function paddedScaleRows(rows: number, groups: number, scaleType: 'float16' | 'float32'): number {
  return scaleType === 'float16' && (rows * groups) % 2 === 1 ? rows + 1 : rows
}

async function writeFloat(
  rule: WeightRule,
  format: WeightFormat,
  blockCount: number,
  next: Next,
  writer: ShardWriter,
  signal: AbortSignal,
): Promise<void> {
  const elements = rule.shape.reduce((product, size) => product * size, 1)
  const dtype = floatType(format)
  writer.begin({ name: rule.name, shape: rule.shape, dtype, sizeBytes: elements * (dtype === 'float16' ? 2 : 4) })
  for (let index = 0; index < blockCount; index++) {
    const { block, values } = await next()
    await writer.write(bytesOf(dtype === 'float16' ? narrowed(values, block) : values), signal)
  }
}

function narrowed(values: Float32Array, { tensor }: Block): Uint16Array<ArrayBuffer> {
  try {
    return narrowFloat16(values)
  } catch (cause) {
    throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, (cause as Error).message, { cause })
  }
}

function bytesOf(values: Uint16Array | Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Every tensor the rules name is there in its shape, and no other but ignorable ones. Throws CompileError naming the first that is not. */
export function checkTensors(checkpoint: Checkpoint, rules: readonly WeightRule[], ignorable: readonly RegExp[]): void {
  const needed = new Set<string>()
  for (const { tensor: name, shape } of rules.flatMap(({ sources }) => sources)) {
    needed.add(name)
    const at = `tensor ${quoted(name)}`
    const tensor = checkpoint.tensors.get(name)
    if (tensor === undefined)
      throw new CompileError(checkpoint.files[0] ?? '', at, `missing, expected shape [${shape}]`)
    if (!isWeightType(tensor.dtype))
      throw new CompileError(tensor.file, `${at}.dtype`, `${tensor.dtype}, expected F32, F16 or BF16`)
    const matches = tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis])
    if (!matches)
      throw new CompileError(tensor.file, `${at}.shape`, `[${tensor.shape}], expected [${shape}] from ${configFile}`)
  }
  for (const tensor of checkpoint.tensors.values()) {
    if (needed.has(tensor.name) || ignorable.some((pattern) => pattern.test(tensor.name))) continue
    throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, 'is unknown to this architecture')
  }
}

function isWeightType(dtype: TensorEntry['dtype']): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/** Number of weights; a tied head counts once. */
export function countWeights(rules: readonly WeightRule[]): number {
  return rules.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}
