import { expect, test } from 'vitest'
import { applyLogitBias } from '../../shared/compiler/kernels/applyLogitBias.ts'
import { testDevice } from '../support/attention.ts'
import { runKernel } from '../support/runKernel.ts'

test('biases are added where they are listed, each one of a repeated id too, and ids outside the vocabulary are skipped', async () => {
  const vocabulary = 301
  const logits = Float32Array.from({ length: vocabulary }, (_, id) => id)
  const repeated = Array.from({ length: 100 }, () => 300)
  const ids = new Int32Array([0, 5, 299, -1, 301, ...repeated])
  const bias = new Float32Array([-100, 0.5, 100, 7, 7, ...repeated.map(() => 1)])
  const { logits: changed } = await runKernel(await testDevice(), applyLogitBias({ name: 'logit_bias', vocabulary }), {
    buffers: [logits, ids, bias],
    scalars: [ids.length],
    grid: [Math.ceil(ids.length / 64)],
  })
  const expected = [...logits]
  expected[0] = -100
  expected[5] = 5.5
  expected[299] = 399
  expected[300] = 400
  expect([...new Float32Array(changed as ArrayBuffer, 0, vocabulary)]).toEqual(expected)
})
