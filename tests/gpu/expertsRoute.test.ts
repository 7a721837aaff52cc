// The router of a mixture of experts: which experts a token gets, and how they share it.
import { beforeAll, expect, test } from 'vitest'
import { expertsRoute } from '../../shared/compiler/kernels/expertsRoute.ts'
import { requestTestDevice } from '../support/device.ts'
import { norms, routeError } from '../support/expertsRouting.ts'
import { targetsAndFormats, targetsOf } from '../support/linearCases.ts'
import { floats, runKernel, words } from '../support/runKernel.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

test('the router norms its input, takes the best experts and shares a token among them, for every target and format', async () => {
  // Every target meets every norm, each in another format: kernels are slow to compile.
  for (const [index, { target, format }] of targetsAndFormats(device).entries()) {
    const norm = norms[index % norms.length] ?? null
    const o = { target, format, columns: 68, count: 9, chosen: 3, norm }
    expect(await routeError(device, o, 5, index), `${target} ${format} ${norm?.kind}`).toBeLessThan(1)
  }
})

test('of experts with equal scores the first are taken, and scores far apart give shares of 1 and almost 0', async () => {
  for (const target of targetsOf(device)) {
    const o = { name: 'route', target, format: 'q0f32', columns: 4, count: 40, chosen: 4, norm: null } as const
    const router = new Float32Array(160)
    router.set([1, 0, 0, 0], 4 * 35)
    router.set([0, 1e4, 0, 0], 4 * 7)
    const run = async (x: readonly number[]) => {
      const result = await runKernel(device, expertsRoute(o), {
        buffers: [new Float32Array(x), router, 16, 16],
        scalars: [1],
        grid: [1],
      })
      return { ids: [...words(result.ids, 4)], shares: [...floats(result.shares, 4)] }
    }
    expect(await run([0, 0, 0, 0])).toEqual({ ids: [0, 1, 2, 3], shares: [0.25, 0.25, 0.25, 0.25] })
    expect((await run([1, 0, 0, 0])).ids).toEqual([35, 0, 1, 2])
    const { ids, shares } = await run([0, 1, 0, 0])
    expect(ids).toEqual([7, 0, 1, 2])
    expect(shares[0]).toBe(1)
    expect(Math.max(...shares.slice(1))).toBeLessThan(1e-30)
  }
})
