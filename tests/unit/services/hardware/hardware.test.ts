// The hardware service: real disk and operating system, systeminformation in part replaced by plain objects.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { diskOf } from '../../../../electron/services/hardware/disk.ts'
import { createHardware, type HardwareOptions } from '../../../../electron/services/hardware/hardware.ts'
import { keepProbe, keptProbe } from '../../../../electron/services/hardware/probes.ts'
import {
  readKernelDevices,
  readSystemFacts,
  type SystemTools,
} from '../../../../electron/services/hardware/systemFacts.ts'
import type { AdapterProbe } from '../../../../shared/hardware.ts'
import { hardwareText } from '../../../../shared/hardwareText.ts'
import { windowsNvidia } from './machines.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-hardware-'))
})
afterEach(async () => await rm(folder, { recursive: true }))

const probe: AdapterProbe = {
  adapter: {
    name: 'NVIDIA GeForce RTX 4070',
    vendor: 'nvidia',
    architecture: 'lovelace',
    isSoftware: false,
    hasHalfPrecision: true,
    hasSubgroups: true,
    maximumBufferBytes: 2 ** 32,
    maximumBindingBytes: 2 ** 31,
    maximumWorkgroupInvocations: 1024,
  },
  bandwidthBytesPerSecond: 4.2e11,
  computeFlopsPerSecond: 2e13,
  measuredAtMs: 1_790_000_000_000,
}

const tools: SystemTools = {
  cpu: async () => ({ manufacturer: 'AMD', brand: 'Ryzen 9 7900', physicalCores: 12 }),
  mem: async () => ({ total: 32 * 2 ** 30, available: 20 * 2 ** 30 }),
  graphics: async () => ({ controllers: windowsNvidia.controllers }),
}

const open = (changes: Partial<HardwareOptions> = {}) =>
  createHardware({
    modelsFolder: () => join(folder, 'models', 'not', 'there'),
    probesFile: join(folder, 'home', 'hardware.json'),
    platform: 'win32',
    tools,
    ...changes,
  })

test('a report has what the system tells, and the budget says where it comes from', async () => {
  const report = await open({ gpuInfo: async () => ({ gpuDevice: windowsNvidia.chromium }) }).read()
  expect(report).toMatchObject({
    processor: { name: 'AMD Ryzen 9 7900', cores: 12 },
    memory: { totalBytes: 32 * 2 ** 30, availableBytes: 20 * 2 ** 30 },
    graphics: [
      { name: 'Intel(R) UHD Graphics 770', memoryBytes: null, driver: '31.0.101.4502' },
      { name: 'NVIDIA GeForce RTX 4070', vendor: 'NVIDIA', memoryBytes: 12_282 * 2 ** 20, driver: '551.86' },
    ],
    budget: { reason: '12.9 GB of NVIDIA GeForce RTX 4070, less 1.3 GB for the screen and other programs' },
    probe: null,
  })
  expect(report.disk.freeBytes).toBeGreaterThan(0)
  expect(report.disk.totalBytes).toBeGreaterThanOrEqual(report.disk.freeBytes)
})

test('tools that fail, throw or answer nonsense leave a whole report', async () => {
  const broken: SystemTools = {
    cpu: () => Promise.reject(new Error('no lscpu')),
    mem: () => {
      throw new Error('no meminfo')
    },
    graphics: async () => ({ controllers: [] }),
  }
  for (const gpuInfo of [undefined, () => Promise.reject(new Error('no GPU process')), async () => 'nonsense']) {
    const report = await open({ tools: broken, ...(gpuInfo && { gpuInfo }) }).read()
    expect(report.processor.name).not.toBe('')
    expect(report.processor.threads).toBeGreaterThan(0)
    expect(report.memory.totalBytes).toBeGreaterThan(0)
    expect(report.memory.availableBytes).toBeLessThanOrEqual(report.memory.totalBytes)
    expect(report.graphics).toEqual([])
    expect(report.budget.reason).toMatch(/on the processor/)
  }
})

test('tools that never answer are given up', async () => {
  const never = () => new Promise<never>(() => {})
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const reading = open({ tools: { cpu: never, mem: never, graphics: never }, gpuInfo: never }).read()
    let isDone = false
    const done = reading.then(() => {
      isDone = true
    })
    while (!isDone) {
      await vi.advanceTimersByTimeAsync(1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await done
    expect((await reading).memory.totalBytes).toBeGreaterThan(0)
  } finally {
    vi.useRealTimers()
  }
})

test('this machine itself gives a report, twice the same but for what changes', async () => {
  const hardware = createHardware({ modelsFolder: () => folder, probesFile: join(folder, 'hardware.json') })
  const [first, second] = [await hardware.read(), await hardware.read()]
  expect(second).toMatchObject({ system: first.system, processor: first.processor, graphics: first.graphics })
  expect(first.system.name).not.toBe('')
  expect(first.memory.availableBytes).toBeGreaterThan(0)
  console.info(hardwareText(first))
})

test('adapters and processor are asked for once, memory every time', async () => {
  const calls: string[] = []
  const counted = <T>(name: string, call: () => Promise<T>) => {
    return () => {
      calls.push(name)
      return call()
    }
  }
  const countedTools: SystemTools = {
    cpu: counted('cpu', tools.cpu),
    mem: counted('mem', tools.mem),
    graphics: counted('graphics', tools.graphics),
  }
  const hardware = open({ tools: countedTools })
  await Promise.all([hardware.read(), hardware.read()])
  await hardware.read()
  expect(calls.filter((name) => name !== 'mem').sort()).toEqual(['cpu', 'graphics'])
  expect(calls.filter((name) => name === 'mem')).toHaveLength(3)
})

test('a kept probe is there after a restart, decides the budget, and is forgotten with another driver', async () => {
  await open().keep({ ...probe, bandwidthBytesPerSecond: 1 })
  await open().keep(probe)
  expect((await open().read()).probe).toEqual(probe)
  const software = { ...probe, adapter: { ...probe.adapter, name: 'SwiftShader', isSoftware: true } }
  await open().keep(software)
  expect(await open().read()).toMatchObject({ probe: software, budget: { memoryBytes: 10 * 2 ** 30 } })
  const updated: SystemTools = {
    ...tools,
    graphics: async () => ({
      controllers: windowsNvidia.controllers.map((one) => ({ ...one, driverVersion: '560.10' })),
    }),
  }
  expect((await open({ tools: updated }).read()).probe).toBeNull()
})

test('a file of probes with anything in it is a file without probes', async () => {
  const path = join(folder, 'hardware.json')
  await keepProbe(path, 'a card', probe)
  const good = await readFile(path, 'utf8')
  const damaged = fc.oneof(
    fc.string(),
    fc.json(),
    fc.nat(good.length - 1).map((length) => good.slice(0, length)),
  )
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      await writeFile(path, text)
      expect(await keptProbe(path, 'a card')).toBeNull()
    }),
    { seed: 4, numRuns: 60 },
  )
  await keepProbe(path, 'a card', probe)
  expect(await keptProbe(path, 'a card')).toEqual(probe)
  expect(await keptProbe(path, 'another card')).toBeNull()
})

test('room is that of the nearest folder that exists', async () => {
  const there = await diskOf(folder)
  const missing = await diskOf(join(folder, 'a', 'b'))
  expect(missing.totalBytes).toBe(there.totalBytes)
  expect(there.totalBytes).toBeGreaterThan(0)
})

test('the kernel’s folder of devices is read, with and without what amdgpu tells', async () => {
  const devices = join(folder, 'devices')
  const drm = join(folder, 'drm')
  for (const [card, address, memory] of [
    ['card0', '0000:00:02.0', null],
    ['card1', '0000:03:00.0', String(24 * 2 ** 30)],
  ] as const) {
    await mkdir(join(devices, address), { recursive: true })
    await mkdir(join(folder, 'drivers', 'amdgpu'), { recursive: true })
    if (memory !== null) {
      await writeFile(join(devices, address, 'mem_info_vram_total'), `${memory}\n`)
      await symlink(join(folder, 'drivers', 'amdgpu'), join(devices, address, 'driver'))
    }
    await mkdir(join(drm, card), { recursive: true })
    await mkdir(join(drm, `${card}-DP-1`), { recursive: true })
    await symlink(join(devices, address), join(drm, card, 'device'))
  }
  expect(await readKernelDevices(drm)).toEqual([
    { address: '0000:00:02.0', driver: null, memoryBytes: null },
    { address: '0000:03:00.0', driver: 'amdgpu', memoryBytes: 24 * 2 ** 30 },
  ])
  expect(await readKernelDevices(join(folder, 'nowhere'))).toEqual([])
})

test.for(['linux', 'darwin', 'win32'] as const)('a system named %s has a name', async (platform) => {
  const { system } = await readSystemFacts(tools, platform)
  expect(system).toMatchObject({ platform, name: expect.stringMatching(/./), version: expect.stringMatching(/\d/) })
})
