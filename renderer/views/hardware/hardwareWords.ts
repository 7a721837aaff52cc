// This computer in words: its facts, what is missing and what to do about it, and the whole as a report to copy.
import type { AdapterProbe, HardwareReport } from '../../../shared/hardware.ts'
import { bytesPerSecond, bytesText, dateText, decimalText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export type TextFact = readonly [name: string, value: string]

export function budgetText(budget: HardwareReport['budget']): string {
  return t('hardware.budget', { memory: bytesText(budget.memoryBytes), reason: budgetReason(budget) })
}

/** Half a sentence; main's own, in English, where it gives no rule. */
export function budgetReason({ reason, rule }: HardwareReport['budget']): string {
  switch (rule?.kind) {
    case undefined:
      return reason
    case 'processor':
      return t('hardware.rules.processor', { free: bytesText(rule.freeBytes) })
    case 'metal-two-thirds':
    case 'metal-three-quarters':
    case 'shared':
      return t(`hardware.rules.${rule.kind}`, { all: bytesText(rule.totalBytes), name: rule.name })
    case 'assumed':
      return t('hardware.rules.assumed', { assumed: bytesText(rule.assumedBytes), name: rule.name })
    case 'own': {
      const { ownBytes, reserveBytes, name } = rule
      return t('hardware.rules.own', { own: bytesText(ownBytes), reserve: bytesText(reserveBytes), name })
    }
    default:
      return rule satisfies never
  }
}

export function systemFacts({ system, processor, memory, disk, budget }: HardwareReport): readonly TextFact[] {
  return [
    [
      t('hardware.facts.system'),
      [system.name, system.version, system.architecture].filter((part) => part !== '').join(' '),
    ],
    [
      t('hardware.facts.processor'),
      [
        processor.name || t('hardware.notTold'),
        t('hardware.cores', { count: processor.cores }),
        t('hardware.threads', { count: processor.threads }),
      ].join(', '),
    ],
    [
      t('hardware.facts.memory'),
      t('hardware.available', { all: bytesText(memory.totalBytes), free: bytesText(memory.availableBytes) }),
    ],
    [t('hardware.facts.forModels'), budgetText(budget)],
    [
      t('hardware.facts.disk'),
      t('hardware.diskFree', { free: bytesText(disk.freeBytes), all: bytesText(disk.totalBytes) }),
    ],
  ]
}

export function graphicsFacts({ graphics }: HardwareReport): readonly TextFact[] {
  if (graphics.length === 0) return [[t('hardware.facts.graphics'), t('hardware.noGraphics')]]
  return graphics.map(({ name, vendor, memoryBytes, driver }, index): TextFact => {
    const memory =
      memoryBytes === null ? t('hardware.sharedMemory') : t('hardware.ownMemory', { memory: bytesText(memoryBytes) })
    const parts = [
      vendor === '' || name.startsWith(vendor) ? name : `${vendor} ${name}`,
      memory,
      t('hardware.driver', { driver: driver ?? t('hardware.notTold') }),
    ]
    return [
      graphics.length === 1 ? t('hardware.facts.graphics') : t('hardware.facts.graphicsNumber', { number: index + 1 }),
      parts.join(', '),
    ]
  })
}

export function adapterFacts({ adapter }: AdapterProbe): readonly TextFact[] {
  return [
    [
      t('hardware.facts.adapter'),
      [adapter.vendor, adapter.architecture, adapter.name].filter((part) => part !== '').join(' · '),
    ],
    [t('hardware.facts.kind'), t(adapter.isSoftware ? 'hardware.softwareKind' : 'hardware.hardwareKind')],
    [t('hardware.facts.half'), t(adapter.hasHalfPrecision ? 'hardware.yes' : 'hardware.no')],
    [t('hardware.facts.subgroups'), t(adapter.hasSubgroups ? 'hardware.yes' : 'hardware.no')],
    [t('hardware.facts.largestBuffer'), bytesText(adapter.maximumBufferBytes)],
    [t('hardware.facts.largestBinding'), bytesText(adapter.maximumBindingBytes)],
    [t('hardware.facts.workgroup'), t('hardware.invocations', { count: adapter.maximumWorkgroupInvocations })],
  ]
}

export function speedFacts({
  bandwidthBytesPerSecond,
  computeFlopsPerSecond,
  measuredAtMs,
}: AdapterProbe): readonly TextFact[] {
  return [
    [t('hardware.facts.bandwidth'), bytesPerSecond(bandwidthBytesPerSecond)],
    [t('hardware.facts.arithmetic'), t('hardware.flops', { amount: formatFlops(computeFlopsPerSecond) })],
    [t('hardware.facts.measuredAt'), dateText(measuredAtMs)],
  ]
}

/** 1_250_000_000_000 -> `1.3 TFLOP/s`. */
export function formatFlops(flopsPerSecond: number): string {
  const [unit, name] = flopsPerSecond >= 1e12 ? ([1e12, 'TFLOP/s'] as const) : ([1e9, 'GFLOP/s'] as const)
  const value = flopsPerSecond / unit
  return `${decimalText(value, value >= 100 ? 0 : 1)} ${name}`
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
      title: t('hardware.lacks.software'),
      advice: graphics.length === 0 ? t('hardware.lacks.softwareNoGraphics') : t('hardware.lacks.softwareUnused'),
    })
  } else if (probe !== null && !probe.adapter.hasHalfPrecision) {
    found.push({
      title: t('hardware.lacks.half'),
      advice: t('hardware.lacks.halfAdvice'),
    })
  }
  if (budget.memoryBytes < scarceMemoryBytes)
    found.push({
      title: t('hardware.lacks.memory', { memory: bytesText(budget.memoryBytes) }),
      advice: t('hardware.lacks.memoryAdvice'),
    })
  if (disk.freeBytes < scarceDiskBytes)
    found.push({
      title: t('hardware.lacks.disk', { free: bytesText(disk.freeBytes) }),
      advice: t('hardware.lacks.diskAdvice'),
    })
  return found
}

/** Everything on the page as plain text. Nothing in it names the person or a folder. */
export function reportText(report: HardwareReport, version: string): string {
  const { probe } = report
  const parts: readonly (readonly [string, readonly TextFact[]])[] = [
    [t('hardware.computer'), [...systemFacts(report), ...graphicsFacts(report)]],
    ...(probe === null
      ? []
      : ([
          [t('hardware.webgpuShort'), adapterFacts(probe)],
          [t('hardware.measuredTitle'), speedFacts(probe)],
        ] as const)),
  ]
  const lines = parts.flatMap(([title, facts]) => ['', title, ...facts.map(([name, value]) => `  ${name}: ${value}`)])
  return [t('hardware.report', { version }), ...lines, ''].join('\n')
}
