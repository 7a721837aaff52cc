import fc from 'fast-check'
import { expect, test } from 'vitest'
import { watchDeviceMemory } from '../../../../renderer/inference/deviceMemory.ts'

/** A device whose buffers know whether they were destroyed. */
function fakeDevice() {
  const destroyed: number[] = []
  const device = {
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, destroy: () => void destroyed.push(size) }),
  }
  return { device: device as unknown as GPUDevice, destroyed }
}

test('live bytes are those of buffers made and not destroyed, the most there ever was stays', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ size: fc.nat(1e9), ends: fc.boolean() })), (plan) => {
      const { device, destroyed } = fakeDevice()
      const read = watchDeviceMemory(device)
      let [live, peak, count] = [0, 0, 0]
      for (const { size, ends } of plan) {
        const buffer = device.createBuffer({ size, usage: 0 })
        live += size
        count++
        peak = Math.max(peak, live)
        if (!ends) continue
        buffer.destroy()
        // WebGPU allows it twice.
        buffer.destroy()
        live -= size
        count--
      }
      expect(read()).toEqual({ liveBytes: live, peakBytes: peak, liveBuffers: count })
      expect(destroyed).toHaveLength(2 * plan.filter(({ ends }) => ends).length)
    }),
    { seed: 3 },
  )
})
