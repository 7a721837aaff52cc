// Tolerance: one multiplication, rounded to float32: 2^-23 relative. Nothing is rounded to float16 on the way.
import { beforeAll, expect, test } from 'vitest'
import { type EmbeddingOptions, embedding, embeddingGroupsPerToken } from '../../shared/compiler/kernels/embedding.ts'
import { requestTestDevice } from '../support/device.ts'
import { linearCases, worstError } from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { testMatrix } from '../support/weights.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

test('rows of the embedding come out dequantized, and ids outside the vocabulary give its ends', async () => {
  const wrong: string[] = []
  for (const { target, format, rows, columns } of linearCases(device)) {
    const o: EmbeddingOptions = { name: 'embedding_test', target, format, vocabulary: rows, hidden: columns }
    const matrix = testMatrix(rows, columns, format, randomSource(23))
    const ids = Int32Array.of(rows - 1, 0, rows >> 1, -1, rows, 2 ** 31 - 1, -(2 ** 31))
    const meant = [rows - 1, 0, rows >> 1, 0, rows - 1, rows - 1, 0]
    const before = randomFloats((ids.length + 1) * columns, randomSource(29))
    const { out } = await runKernel(device, embedding(o), {
      buffers: [ids, ...matrix.buffers, before],
      scalars: [ids.length],
      grid: [(ids.length + 1) * embeddingGroupsPerToken(o)],
    })
    const expected = Float64Array.from(before)
    for (const [token, id] of meant.entries())
      expected.set(matrix.values.subarray(id * columns, (id + 1) * columns), token * columns)
    const tolerance = expected.map((value) => Math.abs(value) * 2 ** -23 + 1e-30)
    const error = worstError(new Float32Array(out as ArrayBuffer, 0, before.length), expected, tolerance)
    if (error >= 1) wrong.push(`${target} ${format} ${rows}x${columns}: ${error} of the tolerance`)
  }
  expect(wrong).toEqual([])
})
