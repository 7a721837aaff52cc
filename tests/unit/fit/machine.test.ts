// From a hardware report and a probe to what the fit arithmetic knows, to a speed, and to a text.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configOf, variantNamed } from '../../../shared/catalog/catalog.ts'
import { machineOf } from '../../../shared/fit/machine.ts'
import { needsOfConfig, speedAt } from '../../../shared/fit/needs.ts'
import { predictedSpeed, type SpeedSample, softwareSamples, speedSample } from '../../../shared/fit/speed.ts'
import { judgeFit } from '../../../shared/fit/verdict.ts'
import { hardwareText } from '../../../shared/hardwareText.ts'
import { probeOf, report } from './reports.ts'

const config = configOf(variantNamed('llama-2-7b-hf') ?? fail('not in the catalogue'))
const needs = needsOfConfig(config, { format: 'q4f16_1', target: 'half' })

test.for([
  ['software', { isSoftware: true, hasHalfPrecision: true }],
  ['half', { hasHalfPrecision: true }],
  ['portable', { hasHalfPrecision: false }],
] as const)('the library for the adapter is %s', ([target, changes]) => {
  expect(machineOf(report(), probeOf(changes)).target).toBe(target)
})

test('buffers are as large as web-llm will ask for, which is 1 GiB or the least that WebGPU guarantees', () => {
  const largest = (buffer: number, binding: number) =>
    machineOf(report(), probeOf({ maximumBufferBytes: buffer, maximumBindingBytes: binding })).largestBufferBytes
  expect(largest(2 ** 32, 2 ** 31)).toBe(2 ** 30)
  expect(largest(2 ** 32, 2 ** 29)).toBe(2 ** 27)
  expect(largest(2 ** 29, 2 ** 30)).toBe(2 ** 28)
})

test('before a probe a named adapter counts as hardware, and none as software; the report’s own probe is taken', () => {
  expect(machineOf(report())).toMatchObject({ target: 'half', bandwidthBytesPerSecond: null })
  expect(machineOf(report({ graphics: [] }))).toMatchObject({ target: 'software', speedSamples: softwareSamples })
  const probe = probeOf({})
  expect(machineOf(report({ probe })).bandwidthBytesPerSecond).toBe(probe.bandwidthBytesPerSecond)
})

test('a person’s own limit stands in for the budget', () => {
  expect(machineOf(report()).memoryBytes).toBe(report().budget.memoryBytes)
  expect(machineOf(report(), null, [], 5e9).memoryBytes).toBe(5e9)
})

test('a speed is an upper bound until something was measured, then what was measured for a model of that size', () => {
  const limit = speedAt(needs, 0, 1e11)
  expect(predictedSpeed(needs, 0, 1e11, [])).toBe(limit)
  const own = speedSample(needs, 0, 1e11, limit * 0.6)
  expect(own.share).toBeCloseTo(0.6, 10)
  const small: SpeedSample = { bytesPerToken: own.bytesPerToken / 500, share: 0.05 }
  expect(predictedSpeed(needs, 0, 1e11, [small, own])).toBeCloseTo(limit * 0.6, 6)
  const machine = { ...machineOf(report(), probeOf({}), [small, own]), bandwidthBytesPerSecond: 1e11 }
  expect(judgeFit(needs, machine)).toMatchObject({ kind: 'fits', speedTokensPerSecond: expect.closeTo(limit * 0.6, 6) })
})

test('what was measured is predicted back, whatever the bandwidth and the speed', () => {
  const positive = fc.double({ min: 1e-3, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(positive, positive, fc.nat(4000), (bandwidth, speed, tokens) => {
      const sample = speedSample(needs, tokens, bandwidth, speed)
      expect(predictedSpeed(needs, tokens, bandwidth, [sample]) / speed).toBeCloseTo(1, 6)
    }),
    { seed: 12 },
  )
})

test('the text has one line per fact, and names no person and no folder', () => {
  const probe = probeOf({ name: 'NVIDIA GeForce RTX 4070', vendor: 'nvidia', architecture: 'lovelace' })
  expect(hardwareText(report({ probe }))).toBe(
    `System: Windows 11 Pro 10.0.22631, x64
Processor: AMD Ryzen 9 7900, 12 cores, 24 threads
Memory: 34.4 GB, 21.5 GB available
Graphics: NVIDIA GeForce RTX 4070, 12.9 GB, driver 551.86
Disk of the models folder: 100 GB free of 500 GB
Memory for models: 11.6 GB (12.9 GB of NVIDIA GeForce RTX 4070, less 1.3 GB)
WebGPU adapter: NVIDIA GeForce RTX 4070 (nvidia lovelace), hardware
shader-f16: yes
subgroups: yes
Largest buffer: 4.3 GB
Largest binding: 2.1 GB
Invocations per workgroup: 1024
Measured bandwidth: 420 GB/s
Measured compute: 20000.0 GFLOP/s in float32
Measured on: 2026-09-21T14:13:20.000Z
`,
  )
  expect(hardwareText(report({ graphics: [] }), null)).toContain(
    'Graphics: none that the system names\nDisk of the models folder: 100 GB free of 500 GB\n',
  )
})

function fail(message: string): never {
  throw new Error(message)
}
