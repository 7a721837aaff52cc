import { expect, test } from 'vitest'
import { applyBitmask, applyBitmaskGroups } from '../../shared/compiler/kernels/applyBitmask.ts'
import { testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

test('tokens whose bit is 0 get the lowest float32, lowest bit first, in vocabularies that fill no word', async () => {
  for (const vocabulary of [1, 31, 33, 1003]) {
    const next = randomSource(vocabulary)
    const logits = randomFloats(vocabulary, next, 5)
    const mask = Int32Array.from({ length: Math.ceil(vocabulary / 32) }, () => next() * 2 ** 32)
    const options = { name: 'bitmask', vocabulary }
    const { logits: changed } = await runKernel(await testDevice(), applyBitmask(options), {
      buffers: [logits, mask],
      scalars: [],
      grid: [applyBitmaskGroups(options)],
    })
    const expected = Float32Array.from(logits, (logit, id) =>
      ((mask[id >> 5] as number) >> (id & 31)) & 1 ? logit : -3.4028234663852886e38,
    )
    expect(new Float32Array(changed as ArrayBuffer, 0, vocabulary)).toEqual(expected)
  }
})
