// The hardware as plain text, for "copy as report" and `hearth doctor`. Nothing in it names the person or the computer.
import type { AdapterProbe, HardwareReport } from './hardware.ts'
import { formatBytes, formatCount } from './units.ts'

/** One `label: value` per line. */
export function hardwareText(report: HardwareReport, probe: AdapterProbe | null = report.probe): string {
  const { system, processor, memory, graphics, disk, budget } = report
  const lines: readonly (readonly [label: string, value: string])[] = [
    ['System', `${system.name} ${system.version}, ${system.architecture}`],
    [
      'Processor',
      `${processor.name}, ${formatCount(processor.cores, 'core')}, ${formatCount(processor.threads, 'thread')}`,
    ],
    ['Memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.availableBytes)} available`],
    ...(graphics.length === 0
      ? [['Graphics', 'none that the system names'] as const]
      : graphics.map((adapter) => ['Graphics', graphicsText(adapter)] as const)),
    ['Disk of the models folder', `${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`],
    ['Memory for models', `${formatBytes(budget.memoryBytes)} (${budget.reason})`],
    ...(probe === null ? [['WebGPU', 'not measured yet'] as const] : probeLines(probe)),
  ]
  return `${lines.map(([label, value]) => `${label}: ${value}`).join('\n')}\n`
}

function graphicsText({ name, vendor, memoryBytes, driver }: HardwareReport['graphics'][number]): string {
  const named = name.toLowerCase().includes(vendor.toLowerCase()) ? name : `${vendor} ${name}`
  const own = memoryBytes === null ? 'no memory of its own told' : formatBytes(memoryBytes)
  return `${named}, ${own}, driver ${driver ?? 'not told'}`
}

function probeLines({ adapter, ...measured }: AdapterProbe): readonly (readonly [label: string, value: string])[] {
  const kind = adapter.isSoftware ? 'software' : 'hardware'
  const vendor = [adapter.vendor, adapter.architecture].filter(Boolean).join(' ')
  return [
    ['WebGPU adapter', `${adapter.name}${vendor === '' ? '' : ` (${vendor})`}, ${kind}`],
    ['shader-f16', adapter.hasHalfPrecision ? 'yes' : 'no'],
    ['subgroups', adapter.hasSubgroups ? 'yes' : 'no'],
    ['Largest buffer', formatBytes(adapter.maximumBufferBytes)],
    ['Largest binding', formatBytes(adapter.maximumBindingBytes)],
    ['Invocations per workgroup', String(adapter.maximumWorkgroupInvocations)],
    ['Measured bandwidth', `${formatBytes(measured.bandwidthBytesPerSecond)}/s`],
    ['Measured compute', `${(measured.computeFlopsPerSecond / 1e9).toFixed(1)} GFLOP/s in float32`],
    ['Measured on', new Date(measured.measuredAtMs).toISOString()],
  ]
}
