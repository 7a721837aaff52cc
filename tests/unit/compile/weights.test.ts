// Row blocks: however large a tensor is, it is converted in blocks, and the blocks leave no trace in the result.
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import type { WeightRule } from '../../../shared/compiler/architectures/spec.ts'
import type { Checkpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { float16Value } from '../../../shared/compiler/checkpoint/float16.ts'
import type { TensorEntry } from '../../../shared/compiler/checkpoint/safetensors.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { createLedger } from '../../../shared/compiler/ledger.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { createShardWriter, type ShardSizes } from '../../../shared/compiler/shards.ts'
import { writeWeights } from '../../../shared/compiler/weights.ts'
import { memorySink } from '../../support/memorySource.ts'
import { randomFloats, randomSource } from '../../support/random.ts'

const { signal } = new AbortController()

/** A checkpoint of one matrix per name, and the greatest number of rows asked for at once. */
function checkpointOf(tensors: Readonly<Record<string, { readonly columns: number; readonly values: Float32Array }>>) {
  const asked: number[] = []
  const entries = Object.entries(tensors).map(([name, { columns, values }]): [string, TensorEntry] => [
    name,
    {
      name,
      file: 'x',
      dtype: 'F32',
      shape: [values.length / columns, columns],
      offset: 0,
      sizeBytes: values.byteLength,
    },
  ])
  const checkpoint: Checkpoint = {
    tensors: new Map(entries),
    files: ['x'],
    readRows: async ({ name }, first, count) => {
      const { columns, values } = tensors[name] as { columns: number; values: Float32Array }
      asked.push(count * columns)
      return values.slice(first * columns, (first + count) * columns)
    },
  }
  return { checkpoint, asked }
}

async function write(checkpoint: Checkpoint, rules: readonly WeightRule[], format: WeightFormat, sizes?: ShardSizes) {
  const sink = memorySink()
  const ledger = createLedger(sink, nodeHashers)
  const writer = createShardWriter(ledger, nodeHashers, sizes)
  let readBytes = 0
  const onBytes = (sizeBytes: number) => {
    readBytes += sizeBytes
  }
  await writeWeights(checkpoint, { rules, format, quantizer: roundToNearest }, writer, onBytes, signal)
  await writer.finish(1, signal)
  return {
    files: sink.files,
    readBytes,
    cache: JSON.parse(Buffer.from(sink.files.get('tensor-cache.json') as Uint8Array).toString()),
  }
}

function matrixRule(
  name: string,
  rows: number,
  columns: number,
  sources: readonly (readonly [string, number])[],
): WeightRule {
  return {
    name: `${name}.weight`,
    kind: 'matrix',
    shape: [rows, columns],
    sources: sources.map(([tensor, count]) => ({ tensor, shape: [count, columns] })),
  }
}

test('a matrix of 5 million values in two sources is read in blocks of at most 4 million and equals the matrix quantized at once', async () => {
  const columns = 2080
  const [first, second] = [2100, 327]
  const next = randomSource(1)
  const values = randomFloats((first + second) * columns, next)
  const { checkpoint, asked } = checkpointOf({
    a: { columns, values: values.subarray(0, first * columns) },
    b: { columns, values: values.subarray(first * columns) },
  })
  const rows = first + second
  const rule = matrixRule('m', rows, columns, [
    ['a', first],
    ['b', second],
  ])
  const { files, readBytes } = await write(checkpoint, [rule], 'q4f16_1')
  const whole = roundToNearest.quantizeRows({
    rows: values,
    rowCount: rows,
    columns,
    name: 'm',
    firstRow: 0,
    totalRows: rows,
    scaleType: 'float16',
  })
  const shard = files.get('params_shard_0.bin') as Uint8Array
  const packedBytes = whole.packed.byteLength
  expect(Buffer.compare(shard.subarray(0, packedBytes), new Uint8Array(whole.packed.buffer))).toBe(0)
  const stored = Array.from(new Uint16Array(shard.slice(packedBytes).buffer), float16Value)
  expect(stored.length - whole.scales.length).toBe(65) // 2427 rows of 65 scales is odd
  expect(stored.slice(0, whole.scales.length)).toEqual([...whole.scales])
  expect(asked.length).toBe(3)
  expect(Math.max(...asked)).toBeLessThanOrEqual(4 * 2 ** 20)
  expect(readBytes).toBe(values.byteLength)
})

test('an odd number of half-precision scales gets a row of zeros, so that the record is a multiple of 4 bytes', async () => {
  const { checkpoint } = checkpointOf({ a: { columns: 96, values: randomFloats(5 * 96, randomSource(2)) } })
  const { cache, files } = await write(checkpoint, [matrixRule('m', 5, 96, [['a', 5]])], 'q4f16_1')
  const [q, scale] = cache.records[0].records
  expect([q.shape, q.nbytes]).toEqual([[5, 12], 240])
  expect([scale.name, scale.shape, scale.nbytes, scale.byteOffset]).toEqual(['m.q_scale', [6, 3], 36, 240])
  expect([...(files.get('params_shard_0.bin') as Uint8Array).slice(-6)]).toEqual([0, 0, 0, 0, 0, 0])
})

test('shards close once large enough, never pass the maximum, and a tensor above it stands alone', async () => {
  const sizes = { closeAtBytes: 4000, maximumBytes: 8000 }
  const rows = [10, 3, 40, 5, 5, 100, 2, 2]
  const values = (count: number) => ({ columns: 32, values: randomFloats(count * 32, randomSource(count)) })
  const { checkpoint } = checkpointOf(Object.fromEntries(rows.map((count, index) => [`t${index}`, values(count)])))
  const rules = rows.map((count, index) => matrixRule(`t${index}`, count, 32, [[`t${index}`, count]]))
  const { cache } = await write(checkpoint, rules, 'q0f32', sizes)
  const shards = (cache.records as { nbytes: number; records: { name: string }[] }[]).map(({ nbytes, records }) => [
    nbytes,
    records.map(({ name }) => name.slice(0, 2)),
  ])
  expect(shards).toEqual([
    [6784, ['t0', 't1', 't2']],
    [1280, ['t3', 't4']],
    [12_800, ['t5']],
    [512, ['t6', 't7']],
  ])
})
