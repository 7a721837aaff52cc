// What the operating system tells: systeminformation where it adds something, node:os everywhere else. Of systeminformation only cpu, mem and graphics are
// called: they read the kernel's files or start the system's tools with fixed arguments. osInfo is not: it asks for the computer's full name, which may
// become a question to a name server, and for serial numbers. Every call has a time limit, and what does not answer is filled in or left out.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { arch, availableParallelism, cpus, freemem, release, totalmem, version } from 'node:os'
import { basename, join } from 'node:path'
import * as systeminformation from 'systeminformation'
import type { HardwareReport } from '../../../shared/hardware.ts'
import type { Controller, KernelDevice } from './graphics.ts'

export interface SystemFacts {
  readonly platform: NodeJS.Platform
  readonly system: HardwareReport['system']
  readonly processor: HardwareReport['processor']
  readonly controllers: readonly Controller[]
  readonly kernelDevices: readonly KernelDevice[]
}

/** The calls of systeminformation, as far as they are used. */
export interface SystemTools {
  cpu(): Promise<{ readonly manufacturer: string; readonly brand: string; readonly physicalCores: number }>
  mem(): Promise<{ readonly total: number; readonly available: number }>
  graphics(): Promise<{ readonly controllers: readonly Controller[] }>
}

const systemTools: SystemTools = {
  cpu: () => systeminformation.cpu(),
  mem: () => systeminformation.mem(),
  graphics: () => systeminformation.graphics(),
}

/** The first start of PowerShell or system_profiler takes seconds. */
const timeLimitMs = 8000

/** What does not change while the app runs. Never rejects. */
export async function readSystemFacts(
  tools: SystemTools = systemTools,
  platform: NodeJS.Platform = process.platform,
): Promise<SystemFacts> {
  const [processor, graphics, kernelDevices, system] = await Promise.all([
    within(() => tools.cpu()),
    within(() => tools.graphics()),
    platform === 'linux' ? readKernelDevices('/sys/class/drm') : [],
    systemName(platform),
  ])
  const threads = availableParallelism()
  const brand = processor === null ? '' : `${processor.manufacturer} ${processor.brand}`.trim()
  return {
    platform,
    system,
    processor: {
      name: brand || cpus()[0]?.model.trim() || arch(),
      cores: processor?.physicalCores || threads,
      threads,
    },
    controllers: graphics?.controllers ?? [],
    kernelDevices,
  }
}

/** Total and available, in bytes. macOS and Linux count as free what they only keep for caches; node:os does not. Never rejects. */
export async function readMemory(tools: Pick<SystemTools, 'mem'> = systemTools): Promise<HardwareReport['memory']> {
  const memory = await within(() => tools.mem())
  const totalBytes = memory?.total || totalmem()
  const availableBytes = memory?.available || freemem()
  return { totalBytes, availableBytes: Math.min(availableBytes, totalBytes) }
}

/** null where the call fails or takes too long. */
export async function within<T>(call: () => Promise<T>): Promise<T | null> {
  const late = new AbortController()
  const limit = new Promise<null>((resolve) => {
    const timer = setTimeout(() => resolve(null), timeLimitMs)
    late.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    return await Promise.race([call().catch(() => null), limit])
  } catch {
    return null
  } finally {
    late.abort()
  }
}

async function systemName(platform: NodeJS.Platform): Promise<HardwareReport['system']> {
  const architecture = arch()
  switch (platform) {
    case 'linux': {
      const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
      const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1]
      return { platform, name: name || 'Linux', version: release(), architecture }
    }
    case 'darwin': {
      const text = await readFile('/System/Library/CoreServices/SystemVersion.plist', 'utf8').catch(() => '')
      const productVersion = /<key>ProductVersion<\/key>\s*<string>([^<]*)/.exec(text)?.[1]
      return { platform, name: 'macOS', version: productVersion ?? release(), architecture }
    }
    default:
      return { platform, name: version(), version: release(), architecture }
  }
}

/** `folder`: /sys/class/drm. */
export async function readKernelDevices(folder: string): Promise<readonly KernelDevice[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name))
  const devices = names.map(async (name) => {
    const device = join(folder, name, 'device')
    const link = (path: string) => readlink(path).then((target) => basename(target))
    const address = await link(device).catch(() => null)
    const memory = Number(await readFile(join(device, 'mem_info_vram_total'), 'utf8').catch(() => ''))
    const driver = await link(join(device, 'driver')).catch(() => null)
    return address === null ? [] : [{ address, driver, memoryBytes: memory > 0 ? memory : null }]
  })
  return (await Promise.all(devices)).flat()
}
