// What machines tell of their graphics, and the memory budget that follows from it.
import { expect, test } from 'vitest'
import { memoryBudget } from '../../../../electron/services/hardware/budget.ts'
import { graphicsKind, mergeGraphics } from '../../../../electron/services/hardware/graphics.ts'
import { budgetReason } from '../../../../renderer/views/hardware/hardwareWords.ts'
import type { AdapterProbe } from '../../../../shared/hardware.ts'
import * as machines from './machines.ts'

const gibibyte = 2 ** 30

const expected: readonly {
  readonly machine: machines.TestMachine
  readonly graphics: readonly Partial<ReturnType<typeof mergeGraphics>[number]>[]
  readonly budgetBytes: number
  readonly reason: RegExp
}[] = [
  {
    machine: machines.appleM1,
    graphics: [{ name: 'Apple M1', vendor: 'Apple', kind: 'apple', memoryBytes: null, driver: null }],
    // As llama.cpp's log has it on such a Mac: recommendedMaxWorkingSetSize = 10922.67 MB.
    budgetBytes: 10_922.67 * 2 ** 20,
    reason: /two thirds of 17\.2 GB.*Metal/,
  },
  {
    machine: machines.appleM2Max,
    graphics: [{ name: 'Apple M2 Max', kind: 'apple' }],
    budgetBytes: 73_728 * 2 ** 20,
    reason: /three quarters/,
  },
  {
    machine: machines.windowsNvidia,
    graphics: [
      { name: 'Intel(R) UHD Graphics 770', kind: 'integrated', memoryBytes: null, driver: '31.0.101.4502' },
      { name: 'NVIDIA GeForce RTX 4070', kind: 'discrete', memoryBytes: 12_282 * 2 ** 20, driver: '551.86' },
    ],
    budgetBytes: 12_282 * 2 ** 20 * 0.9,
    reason: /12\.9 GB of NVIDIA GeForce RTX 4070, less 1\.3 GB/,
  },
  {
    machine: machines.windowsIntel,
    graphics: [{ kind: 'integrated', memoryBytes: null, driver: '31.0.101.5382' }],
    budgetBytes: 8 * gibibyte,
    reason: /Iris.*shares the computer's memory: half of 17\.2 GB/,
  },
  {
    machine: machines.windowsArc,
    graphics: [{ kind: 'discrete', memoryBytes: 12_216 * 2 ** 20 }],
    budgetBytes: 12_216 * 2 ** 20 * 0.9,
    reason: /Arc/,
  },
  {
    machine: machines.linuxAmdIntegrated,
    graphics: [
      { name: 'Rembrandt [Radeon 680M]', vendor: 'AMD', kind: 'integrated', memoryBytes: null, driver: '24.2.8' },
    ],
    budgetBytes: 16 * gibibyte,
    reason: /half of 34\.4 GB/,
  },
  {
    machine: machines.linuxAmdCard,
    graphics: [{ vendor: 'AMD', kind: 'discrete', memoryBytes: 24 * gibibyte, driver: 'amdgpu' }],
    budgetBytes: 24 * gibibyte * 0.9,
    reason: /25\.8 GB of Navi 31/,
  },
  {
    machine: machines.linuxNvidiaUntold,
    graphics: [{ vendor: 'NVIDIA', kind: 'discrete', memoryBytes: null, driver: 'nouveau' }],
    budgetBytes: 4 * gibibyte,
    reason: /does not tell the memory of AD104/,
  },
  {
    machine: machines.linuxBare,
    graphics: [{ name: 'Intel 8086:46a6', kind: 'integrated', driver: '23.2.1' }],
    budgetBytes: 4 * gibibyte,
    reason: /half of 8\.6 GB/,
  },
  {
    machine: machines.linuxVirtual,
    graphics: [{ kind: 'virtual', memoryBytes: null }],
    budgetBytes: 3 * gibibyte,
    reason: /models run on the processor: half of the 6\.4 GB/,
  },
  { machine: machines.nothing, graphics: [], budgetBytes: 11 * gibibyte, reason: /on the processor/ },
]

test.for(expected)('$machine.title', ({ machine, graphics, budgetBytes, reason }) => {
  const found = graphicsOf(machine)
  expect(found).toMatchObject(graphics)
  expect(found).toHaveLength(graphics.length)
  const budget = budgetOf(machine, null)
  expect(budget.memoryBytes / budgetBytes).toBeCloseTo(1, 5)
  expect(budget.reason).toMatch(reason)
  // The window says the same, in its language.
  expect(budgetReason(budget)).toBe(budget.reason)
  expect(budgetReason({ ...budget, reason: '' })).not.toBe('')
})

test('the adapter that WebGPU gave decides: the integrated one, or none of them', () => {
  expect(budgetOf(machines.windowsNvidia, adapter({ vendor: 'intel', name: 'Intel UHD' })).reason).toMatch(/half of/)
  expect(budgetOf(machines.windowsNvidia, adapter({ vendor: 'nvidia', name: 'GeForce' })).reason).toMatch(/RTX 4070/)
  expect(budgetOf(machines.windowsNvidia, adapter({ vendor: 'google', isSoftware: true }))).toMatchObject({
    memoryBytes: 10 * gibibyte,
    reason: 'models run on the processor: half of the 21.5 GB that are free now',
  })
})

test('an adapter that only WebGPU knows has a budget all the same', () => {
  expect(budgetOf(machines.nothing, adapter({ vendor: 'nvidia', name: 'NVIDIA H100' })).reason).toMatch(/NVIDIA H100/)
  expect(budgetOf(machines.nothing, adapter({ vendor: 'qualcomm', name: 'Adreno' })).reason).toMatch(/half of/)
})

test.for([
  ['AMD', 'AMD Radeon(TM) Graphics', 'integrated'],
  ['AMD', 'AMD Radeon 780M Graphics', 'integrated'],
  ['AMD', 'AMD Radeon(TM) Vega 8 Graphics', 'integrated'],
  ['AMD', 'Raphael', 'integrated'],
  ['AMD', 'AMD Radeon RX 6600', 'discrete'],
  ['AMD', 'Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]', 'discrete'],
  ['AMD', 'AMD Radeon PRO W7900', 'discrete'],
  ['Intel', 'Alder Lake-P Integrated Graphics Controller', 'integrated'],
  ['Intel', 'Intel(R) Arc(TM) Graphics', 'integrated'],
  ['Intel', 'Intel(R) Arc(TM) 140V GPU (16GB)', 'integrated'],
  ['Intel', 'DG2 [Arc A770]', 'discrete'],
  ['Intel', 'Intel(R) Arc(TM) A370M Graphics', 'discrete'],
  ['NVIDIA', 'NVIDIA H100 80GB HBM3', 'discrete'],
  ['NVIDIA', 'NVIDIA GB10', 'integrated'],
  ['Microsoft', 'Microsoft Basic Display Adapter', 'virtual'],
  ['VMware', 'SVGA II Adapter', 'virtual'],
] as const)('%s %s is %s', ([vendor, name, kind]) => {
  expect(graphicsKind(vendor, name)).toBe(kind)
})

function graphicsOf({ platform, controllers, kernel, chromium }: machines.TestMachine) {
  return mergeGraphics(platform, controllers, kernel, chromium)
}

function budgetOf(machine: machines.TestMachine, found: AdapterProbe['adapter'] | null) {
  const totalBytes = machine.totalGibibytes * gibibyte
  const memory = { totalBytes, availableBytes: machine.availableGibibytes * gibibyte }
  return memoryBudget({ graphics: graphicsOf(machine), memory, adapter: found })
}

function adapter(changes: Partial<AdapterProbe['adapter']>): AdapterProbe['adapter'] {
  return {
    name: 'an adapter',
    vendor: '',
    architecture: '',
    isSoftware: false,
    hasHalfPrecision: true,
    hasSubgroups: true,
    maximumBufferBytes: 2 ** 31,
    maximumBindingBytes: 2 ** 31,
    maximumWorkgroupInvocations: 1024,
    ...changes,
  }
}
