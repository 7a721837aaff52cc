// This computer in words: its facts, what is missing and what to do about it, and the whole as a report to copy.
import type { AdapterProbe, HardwareReport } from '../../../shared/hardware.ts'
import { formatBytes, formatCount } from '../../../shared/units.ts'

export type TextFact = readonly [name: string, value: string]

const notTold = 'the system does not tell'

export function systemFacts({ system, processor, memory, disk, budget }: HardwareReport): readonly TextFact[] {
  return [
    ['System', [system.name, system.version, system.architecture].filter((part) => part !== '').join(' ')],
    [
      'Processor',
      `${processor.name || notTold}, ${formatCount(processor.cores, 'core')}, ${formatCount(processor.threads, 'thread')}`,
    ],
    ['Memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.availableBytes)} available now`],
    ['For models', `${formatBytes(budget.memoryBytes)}: ${budget.reason}`],
    ['Disk of the models folder', `${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`],
  ]
}

export function graphicsFacts({ graphics }: HardwareReport): readonly TextFact[] {
  if (graphics.length === 0) return [['Graphics', 'the system names no graphics adapter']]
  return graphics.map(({ name, vendor, memoryBytes, driver }, index): TextFact => {
    const memory =
      memoryBytes === null ? 'shares the computer’s memory, or does not tell' : `${formatBytes(memoryBytes)} of its own`
    const parts = [
      vendor === '' || name.startsWith(vendor) ? name : `${vendor} ${name}`,
      memory,
      `driver ${driver ?? notTold}`,
    ]
    return [graphics.length === 1 ? 'Graphics' : `Graphics ${index + 1}`, parts.join(', ')]
  })
}

export function adapterFacts({ adapter }: AdapterProbe): readonly TextFact[] {
  return [
    ['Adapter', [adapter.vendor, adapter.architecture, adapter.name].filter((part) => part !== '').join(' · ')],
    ['Kind', adapter.isSoftware ? 'software: it runs on the processor' : 'hardware'],
    ['Half precision (shader-f16)', adapter.hasHalfPrecision ? 'yes' : 'no'],
    ['Subgroups', adapter.hasSubgroups ? 'yes' : 'no'],
    ['Largest buffer', formatBytes(adapter.maximumBufferBytes)],
    ['Largest binding', formatBytes(adapter.maximumBindingBytes)],
    ['Workgroup', `up to ${adapter.maximumWorkgroupInvocations} invocations`],
  ]
}

export function speedFacts({
  bandwidthBytesPerSecond,
  computeFlopsPerSecond,
  measuredAtMs,
}: AdapterProbe): readonly TextFact[] {
  return [
    ['Memory bandwidth', `${formatBytes(bandwidthBytesPerSecond)} per second`],
    ['Arithmetic', `${formatFlops(computeFlopsPerSecond)} (float32)`],
    ['Measured', new Date(measuredAtMs).toLocaleString()],
  ]
}

/** 1_250_000_000_000 -> `1.3 TFLOP/s`. */
export function formatFlops(flopsPerSecond: number): string {
  const [unit, name] = flopsPerSecond >= 1e12 ? ([1e12, 'TFLOP/s'] as const) : ([1e9, 'GFLOP/s'] as const)
  const value = flopsPerSecond / unit
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${name}`
}

export interface Shortcoming {
  readonly title: string
  readonly advice: string
}

const scarceDiskBytes = 10e9
const scarceMemoryBytes = 4e9

/** What this computer lacks for models, in words, with what can be done. */
export function shortcomings({ graphics, disk, budget, probe }: HardwareReport): readonly Shortcoming[] {
  const found: Shortcoming[] = []
  if (probe?.adapter.isSoftware === true) {
    found.push({
      title: 'Models run on the processor',
      advice:
        graphics.length === 0
          ? 'No graphics adapter was found for WebGPU. Everything works, only slower: the smaller a model, the better. Browse says how fast each would be.'
          : 'A graphics adapter is there, but WebGPU cannot use it. Update its driver and start Hearth again. Until then everything works, only slower.',
    })
  } else if (probe !== null && !probe.adapter.hasHalfPrecision) {
    found.push({
      title: 'No half precision',
      advice:
        'The adapter does not offer shader-f16, so the context takes twice the memory. A newer driver may bring it.',
    })
  }
  if (budget.memoryBytes < scarceMemoryBytes)
    found.push({
      title: `Models may take ${formatBytes(budget.memoryBytes)}`,
      advice: 'Larger models do not fit. Small ones do, and a shorter context leaves more room.',
    })
  if (disk.freeBytes < scarceDiskBytes)
    found.push({
      title: `${formatBytes(disk.freeBytes)} are free on the disk`,
      advice:
        'A model of seven billion parameters takes about 4 GB, its checkpoint 14 GB while it is made. Delete models you no longer use, or move the models folder.',
    })
  return found
}

/** Everything on the page as plain text. Nothing in it names the person or a folder. */
export function reportText(report: HardwareReport, version: string): string {
  const { probe } = report
  const parts: readonly (readonly [string, readonly TextFact[]])[] = [
    ['Computer', [...systemFacts(report), ...graphicsFacts(report)]],
    ...(probe === null
      ? []
      : ([
          ['WebGPU', adapterFacts(probe)],
          ['Measured', speedFacts(probe)],
        ] as const)),
  ]
  const lines = parts.flatMap(([title, facts]) => ['', title, ...facts.map(([name, value]) => `  ${name}: ${value}`)])
  return [`Hearth ${version}, hardware report`, ...lines, ''].join('\n')
}
