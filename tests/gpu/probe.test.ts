// The adapter's probe on a real adapter. Numbers are only held to be plausible: the machine does other things meanwhile.
import { expect, test } from 'vitest'
import { watchDeviceMemory } from '../../renderer/inference/deviceMemory.ts'
import { probeAdapter } from '../../renderer/inference/probe/probeAdapter.ts'
import { adapterProbe } from '../../shared/hardware.ts'
import { requestTestAdapter } from '../support/device.ts'

const { signal } = new AbortController()

test('a probe gives plausible numbers, the same twice but for noise, and leaves nothing on the device', async () => {
  const first = await probeOnce()
  const second = await probeOnce()
  console.info(`${first.probe.adapter.name}: ${JSON.stringify([first.probe, second.probe])}`)
  for (const { probe, left, peakBytes } of [first, second]) {
    expect(adapterProbe.parse(probe)).toEqual(probe)
    expect(probe.bandwidthBytesPerSecond).toBeGreaterThan(1e7)
    expect(probe.bandwidthBytesPerSecond).toBeLessThan(1e14)
    expect(probe.computeFlopsPerSecond).toBeGreaterThan(1e7)
    expect(probe.computeFlopsPerSecond).toBeLessThan(1e16)
    expect(left).toEqual({ liveBytes: 0, liveBuffers: 0 })
    expect(peakBytes).toBeGreaterThan(2 ** 20)
  }
  for (const number of ['bandwidthBytesPerSecond', 'computeFlopsPerSecond'] as const) {
    const ratio = first.probe[number] / second.probe[number]
    expect(Math.max(ratio, 1 / ratio)).toBeLessThan(5)
  }
  expect(second.probe.adapter).toEqual(first.probe.adapter)
})

test('a probe that is given up ends with the reason and destroys its device', async () => {
  const abort = new AbortController()
  const { adapter, device } = await watchedAdapter()
  const probing = probeAdapter(adapter, abort.signal)
  abort.abort(new Error('enough'))
  await expect(probing).rejects.toThrow('enough')
  expect((await device()?.lost)?.reason).toBe('destroyed')
})

/** An adapter that hands out the device it was asked for. */
async function watchedAdapter() {
  const adapter = await requestTestAdapter()
  const request = adapter.requestDevice.bind(adapter)
  let made: GPUDevice | null = null
  let memory = () => ({ liveBytes: -1, peakBytes: -1, liveBuffers: -1 })
  Object.defineProperty(adapter, 'requestDevice', {
    value: async () => {
      made = await request()
      memory = watchDeviceMemory(made)
      return made
    },
  })
  return { adapter, device: (): GPUDevice | null => made, memory: () => memory() }
}

async function probeOnce() {
  const { adapter, memory } = await watchedAdapter()
  const probe = await probeAdapter(adapter, signal)
  const { liveBytes, liveBuffers, peakBytes } = memory()
  return { probe, left: { liveBytes, liveBuffers }, peakBytes }
}
