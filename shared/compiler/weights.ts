// The weights of a checkpoint in a weight format: one block of rows at a time, so that memory does not grow with the model or with a tensor.
import { CompileError } from '../errors.ts'
import type { WeightRule } from './architectures/spec.ts'
import type { Checkpoint } from './checkpoint/checkpoint.ts'
import { narrowFloat16 } from './checkpoint/float16.ts'
import { quoted } from './checkpoint/json.ts'
import { parametersOf } from './graph/parameters.ts'
import { floatType, isQuantized, type WeightFormat } from './kernels/target.ts'
import { QuantizeError, type Quantizer } from './quantize/quantizer.ts'
import type { ShardWriter } from './shards.ts'
import { type Block, blocksOf, sizeOf } from './weightBlocks.ts'

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
  const blocksOfRules = rules.map((rule) => blocksOf(rule, checkpoint))
  let blocks = readAhead(blocksOfRules.flat(), signal)
  const next = async () => {
    const { block, values, rest } = await blocks()
    blocks = rest
    onBytes(block.sizeBytes)
    return { block, values }
  }
  for (const [index, rule] of rules.entries()) {
    const count = blocksOfRules[index]?.length ?? 0
    if (rule.kind === 'matrix' && isQuantized(format))
      await writeQuantized(rule, format, quantizer, count, next, writer, signal)
    else await writeFloat(rule, format, count, next, writer, signal)
  }
}

type Next = () => Promise<{ readonly block: Block; readonly values: Float32Array }>

interface ReadBlock {
  readonly block: Block
  readonly values: Float32Array
  readonly rest: () => Promise<ReadBlock>
}

/** Reads one block ahead: the disk works while the block before is converted. */
function readAhead(blocks: readonly Block[], signal: AbortSignal): () => Promise<ReadBlock> {
  const start = (index: number): (() => Promise<ReadBlock>) => {
    const block = blocks[index]
    if (block === undefined) return () => Promise.reject(new Error('no block is left'))
    const reading = block.read(signal)
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
  const columns = rule.shape.at(-1) ?? 1
  const totalRows = sizeOf(rule.shape) / columns
  const groups = scaleParameter.shape.at(-1) ?? 0
  const scaleType = floatType(format)
  // Scales follow the packed values in the file: 1/32 of the elements, held until the last block is written.
  const scales = new Float32Array(paddedScaleRows(totalRows, groups, scaleType) * groups)
  writer.begin({ ...packedParameter, sizeBytes: 4 * sizeOf(packedParameter.shape) })
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
  const shape = scales.length === totalRows * groups ? scaleParameter.shape : [scales.length / groups, groups]
  writer.begin({ ...scaleParameter, shape, sizeBytes: stored.byteLength })
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
  const dtype = rule.kind === 'float32' ? 'float32' : floatType(format)
  const sizeBytes = sizeOf(rule.shape) * (dtype === 'float16' ? 2 : 4)
  writer.begin({ name: rule.name, shape: rule.shape, dtype, sizeBytes })
  for (let index = 0; index < blockCount; index++) {
    const { block, values } = await next()
    await writer.write(bytesOf(dtype === 'float16' ? narrowed(values, block) : values), signal)
  }
}

function narrowed(values: Float32Array, { tensor, elementOf }: Block): Uint16Array<ArrayBuffer> {
  try {
    return narrowFloat16(values, elementOf)
  } catch (cause) {
    throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, (cause as Error).message, { cause })
  }
}

function bytesOf(values: Uint16Array | Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Number of weights; a tied head counts once. */
export function countWeights(rules: readonly WeightRule[]): number {
  return rules.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}
