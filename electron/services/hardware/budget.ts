// Memory that models may take together, and why. No system tells it, so each kind of adapter has its rule:
// - Apple: what Metal recommends as a working set. Seen in logs of llama.cpp: 10,922 MiB of 16 GiB, 21,845 MiB of 32 GiB (2/3), 49,152 MiB of 64 GiB and
//   73,728 MiB of 96 GiB (3/4).
// - integrated: half of the computer's memory. Windows lets graphics share that much, and so does Linux (amdgpu's gttsize).
// - discrete: its own memory less a tenth, at least 512 MiB, for the screen and other programs.
// - software: half of the memory that is free for programs now, because the weights pass through the page on their way.
import type { AdapterProbe, HardwareReport } from '../../../shared/hardware.ts'
import { formatBytes } from '../../../shared/units.ts'
import type { Graphics } from './graphics.ts'

type Budget = HardwareReport['budget']

export interface BudgetFacts {
  readonly graphics: readonly Graphics[]
  readonly memory: HardwareReport['memory']
  /** Says which adapter WebGPU gave; null before. */
  readonly adapter: AdapterProbe['adapter'] | null
}

const gibibyte = 2 ** 30
const reserveShare = 0.1
const leastReserveBytes = gibibyte / 2
/** Up to this much memory Metal recommends two thirds, beyond it three quarters. */
const largeAppleBytes = 32 * gibibyte
/** Of a card whose memory nobody tells. */
const assumedCardBytes = 4 * gibibyte

export function memoryBudget({ graphics, memory, adapter }: BudgetFacts): Budget {
  const chosen = adapter?.isSoftware ? null : chosenGraphics(graphics, adapter)
  if (chosen === null)
    return {
      memoryBytes: Math.floor(memory.availableBytes / 2),
      reason: `models run on the processor: half of the ${formatBytes(memory.availableBytes)} that are free now`,
      rule: { kind: 'processor', freeBytes: memory.availableBytes },
    }
  switch (chosen.kind) {
    case 'apple': {
      const isLarge = memory.totalBytes > largeAppleBytes
      return {
        memoryBytes: Math.floor(isLarge ? (memory.totalBytes / 4) * 3 : (memory.totalBytes / 3) * 2),
        reason: `${isLarge ? 'three quarters' : 'two thirds'} of ${formatBytes(memory.totalBytes)}, what Metal recommends on ${chosen.name}`,
        rule: {
          kind: isLarge ? 'metal-three-quarters' : 'metal-two-thirds',
          totalBytes: memory.totalBytes,
          name: chosen.name,
        },
      }
    }
    case 'discrete':
      return discreteBudget(chosen)
    case 'integrated':
    case 'virtual':
      return {
        memoryBytes: Math.floor(memory.totalBytes / 2),
        reason: `${chosen.name} shares the computer's memory: half of ${formatBytes(memory.totalBytes)}`,
        rule: { kind: 'shared', totalBytes: memory.totalBytes, name: chosen.name },
      }
    default:
      return chosen.kind satisfies never
  }
}

function discreteBudget({ name, memoryBytes }: Graphics): Budget {
  if (memoryBytes === null)
    return {
      memoryBytes: assumedCardBytes,
      reason: `the system does not tell the memory of ${name}; ${formatBytes(assumedCardBytes)} are assumed`,
      rule: { kind: 'assumed', assumedBytes: assumedCardBytes, name },
    }
  const reserveBytes = Math.max(leastReserveBytes, memoryBytes * reserveShare)
  return {
    memoryBytes: Math.max(0, Math.floor(memoryBytes - reserveBytes)),
    reason: `${formatBytes(memoryBytes)} of ${name}, less ${formatBytes(reserveBytes)} for the screen and other programs`,
    rule: { kind: 'own', ownBytes: memoryBytes, reserveBytes, name },
  }
}

/** The adapter that WebGPU named, or the one that its request for high performance would get; null for none. */
function chosenGraphics(graphics: readonly Graphics[], adapter: AdapterProbe['adapter'] | null): Graphics | null {
  const named = graphics.filter(({ vendor }) => adapter !== null && sameVendor(vendor, adapter))
  // An adapter that nothing else knows of is hardware all the same, where a probe says so.
  const unnamed: Graphics | null = adapter && {
    name: adapter.name,
    vendor: adapter.vendor,
    kind: adapter.vendor === 'nvidia' ? 'discrete' : adapter.vendor === 'apple' ? 'apple' : 'integrated',
    memoryBytes: null,
    driver: null,
  }
  const real = graphics.filter(({ kind }) => kind !== 'virtual')
  const candidates = named.length > 0 ? named : real
  return [...candidates].sort((a, b) => rank(b) - rank(a))[0] ?? unnamed
}

function rank({ kind, memoryBytes }: Graphics): number {
  return kind === 'discrete' ? 1 + (memoryBytes ?? 0) : 0
}

function sameVendor(vendor: string, adapter: AdapterProbe['adapter']): boolean {
  const told = `${adapter.vendor} ${adapter.name}`.toLowerCase()
  return told.includes(vendor.toLowerCase()) || (vendor === 'AMD' && /\bati\b|radeon/.test(told))
}
