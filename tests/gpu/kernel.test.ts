import { expect, test } from 'vitest'
import { assembleKernel } from '../../shared/compiler/kernels/kernel.ts'
import { requestTestDevice } from '../support/device.ts'
import { runKernel } from '../support/runKernel.ts'

test('a folded grid visits every index exactly once', async () => {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const kernel = assembleKernel({
    name: 'count_visits',
    mathematics: 'visits[i] += 1',
    bindings: [{ name: 'visits', type: 'array<atomic<u32>>', access: 'read_write' }],
    scalars: ['offset'],
    workgroupSize: [1],
    body: 'atomicAdd(&visits[group_x], args.offset);',
  })
  const { visits } = await runKernel(device, kernel, { buffers: [200_001 * 4], scalars: [3], grid: [200_001] })
  expect(new Uint32Array(visits as ArrayBuffer).slice(0, 200_001).every((value) => value === 3)).toBe(true)
})
