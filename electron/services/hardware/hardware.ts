// What is known of this computer, for the hardware page, `hearth doctor` and the question what fits: gathered from the system, cached where it cannot
// change, and never an error because a tool is missing.
import { z } from 'zod'
import type { AdapterProbe, HardwareReport } from '../../../shared/hardware.ts'
import { memoryBudget } from './budget.ts'
import { diskOf } from './disk.ts'
import { type ChromiumDevice, type Graphics, mergeGraphics } from './graphics.ts'
import { keepProbe, keptProbe } from './probes.ts'
import { readMemory, readSystemFacts, type SystemFacts, type SystemTools, within } from './systemFacts.ts'

export interface HardwareOptions {
  /** May be a folder that does not exist yet. */
  readonly modelsFolder: () => string
  /** Where probes are kept. */
  readonly probesFile: string
  /** Electron's app.getGPUInfo('basic'); leave it out where there is no Electron. */
  readonly gpuInfo?: () => Promise<unknown>
  readonly tools?: SystemTools
  readonly platform?: NodeJS.Platform
}

export interface Hardware {
  read(signal?: AbortSignal): Promise<HardwareReport>
  /** Rejects where the file for probes cannot be written. */
  keep(probe: AdapterProbe): Promise<void>
}

interface Unchanging {
  readonly facts: SystemFacts
  readonly graphics: readonly Graphics[]
}

export function createHardware(options: HardwareOptions): Hardware {
  let unchanging: Promise<Unchanging> | null = null
  const gather = (): Promise<Unchanging> => {
    unchanging ??= gatherFacts(options)
    return unchanging
  }
  return {
    async read(signal) {
      const { facts, graphics } = await gather()
      signal?.throwIfAborted()
      const [memory, disk, probe] = await Promise.all([
        readMemory(options.tools),
        diskOf(options.modelsFolder()),
        keptProbe(options.probesFile, signature(graphics)),
      ])
      signal?.throwIfAborted()
      return {
        system: facts.system,
        processor: facts.processor,
        memory,
        graphics: graphics.map(({ name, vendor, memoryBytes, driver }) => ({ name, vendor, memoryBytes, driver })),
        disk,
        budget: memoryBudget({ graphics, memory, adapter: probe?.adapter ?? null }),
        probe,
      }
    },
    async keep(probe) {
      const { graphics } = await gather()
      await keepProbe(options.probesFile, signature(graphics), probe)
    },
  }
}

async function gatherFacts({ tools, platform, gpuInfo }: HardwareOptions): Promise<Unchanging> {
  const [facts, chromium] = await Promise.all([readSystemFacts(tools, platform), chromiumDevices(gpuInfo)])
  return { facts, graphics: mergeGraphics(facts.platform, facts.controllers, facts.kernelDevices, chromium) }
}

const gpuAnswer = z.object({
  gpuDevice: z.array(
    z.object({ vendorId: z.number(), deviceId: z.number(), driverVersion: z.string().optional().catch(undefined) }),
  ),
})

/** Chromium's answer is its own, so whatever else it is counts as nothing. */
async function chromiumDevices(gpuInfo: HardwareOptions['gpuInfo']): Promise<readonly ChromiumDevice[]> {
  const answer = gpuAnswer.safeParse(gpuInfo && (await within(gpuInfo)))
  if (!answer.success) return []
  return answer.data.gpuDevice.map(({ vendorId, deviceId, driverVersion }) => ({
    vendorId,
    deviceId,
    driverVersion: driverVersion || null,
  }))
}

/** What a probe depends on. */
function signature(graphics: readonly Graphics[]): string {
  return graphics.map(({ vendor, name, driver }) => [vendor, name, driver ?? ''].join('/')).join(', ')
}
