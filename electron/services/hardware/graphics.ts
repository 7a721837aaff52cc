// The graphics adapters of a computer, put together from what three places tell, each of which may be silent: systeminformation (lspci, nvidia-smi,
// PowerShell, system_profiler), the Linux kernel's own files, and Chromium's list of devices. On Linux the memory that systeminformation reads from lspci is
// the size of a window into it, so there it counts only from NVIDIA's tool or the kernel.

export type GraphicsKind = 'discrete' | 'integrated' | 'apple' | 'virtual'

export interface Graphics {
  readonly name: string
  readonly vendor: string
  readonly kind: GraphicsKind
  /** Memory of its own; null where it uses the computer's, or nobody tells. */
  readonly memoryBytes: number | null
  readonly driver: string | null
}

/** The parts of systeminformation's answer that are read here. Sizes are MiB. */
export interface Controller {
  readonly vendor?: string | null
  readonly model?: string | null
  readonly name?: string | null
  readonly busAddress?: string | null
  readonly vram?: number | null
  readonly vramDynamic?: boolean | null
  /** From nvidia-smi. */
  readonly memoryTotal?: number | null
  readonly driverVersion?: string | null
}

/** From /sys/class/drm. */
export interface KernelDevice {
  /** Such as 0000:03:00.0. */
  readonly address: string
  readonly driver: string | null
  /** amdgpu alone tells. */
  readonly memoryBytes: number | null
}

/** From Chromium, with PCI numbers. */
export interface ChromiumDevice {
  readonly vendorId: number
  readonly deviceId: number
  readonly driverVersion: string | null
}

const mebibyte = 2 ** 20

export function mergeGraphics(
  platform: NodeJS.Platform,
  controllers: readonly Controller[],
  kernel: readonly KernelDevice[],
  chromium: readonly ChromiumDevice[],
): readonly Graphics[] {
  const known = controllers.filter(({ model, name, vendor }) => Boolean(model || name || vendor))
  if (known.length > 0) return known.map((controller) => fromController(platform, controller, kernel, chromium))
  return chromium.flatMap((device) => {
    const vendor = pciVendors.get(device.vendorId)
    if (vendor === undefined) return []
    const name = `${vendor} ${hex(device.vendorId)}:${hex(device.deviceId)}`
    const kind = graphicsKind(vendor, name)
    return [{ name, vendor, kind, memoryBytes: null, driver: device.driverVersion }]
  })
}

function fromController(
  platform: NodeJS.Platform,
  controller: Controller,
  kernel: readonly KernelDevice[],
  chromium: readonly ChromiumDevice[],
): Graphics {
  const vendor = vendorName(controller.vendor ?? controller.model ?? '')
  const name = (controller.name || controller.model || vendor).trim()
  const kind = graphicsKind(vendor, `${name} ${controller.model ?? ''}`)
  const { busAddress } = controller
  const device = kernel.find(({ address }) => busAddress && address.endsWith(busAddress))
  const told = chromium.find(({ vendorId }) => pciVendors.get(vendorId) === vendor)
  const own = controller.memoryTotal ?? (platform === 'linux' || controller.vramDynamic ? null : controller.vram)
  const memoryBytes = device?.memoryBytes ?? (own ? Math.round(own * mebibyte) : null)
  return {
    name,
    vendor,
    kind,
    memoryBytes: kind === 'discrete' ? memoryBytes : null,
    driver: controller.driverVersion || told?.driverVersion || device?.driver || null,
  }
}

/**
 * Neither WebGPU nor the system says whether an adapter has memory of its own, so its name does: Intel's is Arc with a model number of its desktop and
 * notebook cards (A380, B580), AMD's integrated ones are called Graphics or, by lspci, by the processor's code name.
 */
export function graphicsKind(vendor: string, name: string): GraphicsKind {
  if (virtualNames.test(`${vendor} ${name}`)) return 'virtual'
  switch (vendor) {
    case 'Apple':
      return 'apple'
    case 'NVIDIA':
      return /tegra|orin|xavier|thor|\bgb10\b/i.test(name) ? 'integrated' : 'discrete'
    case 'AMD':
      return amdIntegrated.test(name) && !/\bRX\b|\bPro W|Instinct/i.test(name) ? 'integrated' : 'discrete'
    case 'Intel':
      return /\bArc\b.*\b[AB]\d{2,3}M?\b|\bDG[12]\b|Flex|Data Center/i.test(name) ? 'discrete' : 'integrated'
    default:
      return 'integrated'
  }
}

const virtualNames =
  /vmware|virtualbox|innotek|red hat|qxl|virtio|bochs|cirrus|hyper-v|basic (render|display)|remote display|parallels|aspeed|matrox|llvmpipe|swiftshader/i

const amdIntegrated =
  /Graphics\b(?!.*\bRX\b)|\b(Raven|Picasso|Renoir|Lucienne|Cezanne|Barcelo|Rembrandt|Raphael|Mendocino|Phoenix\d?|Hawk ?Point\d?|Granite Ridge|Strix( Halo)?|Krackan|Van ?Gogh|Dragon Range|Stoney|Carrizo|Kaveri|Kabini|Mullins)\b/i

function vendorName(text: string): string {
  if (/nvidia/i.test(text)) return 'NVIDIA'
  if (/advanced micro devices|\bamd\b|\bati\b|radeon/i.test(text)) return 'AMD'
  if (/intel/i.test(text)) return 'Intel'
  if (/apple/i.test(text)) return 'Apple'
  if (/qualcomm/i.test(text)) return 'Qualcomm'
  return text.trim() || 'unknown'
}

const pciVendors: ReadonlyMap<number, string> = new Map([
  [0x10de, 'NVIDIA'],
  [0x1002, 'AMD'],
  [0x8086, 'Intel'],
  [0x106b, 'Apple'],
  [0x5143, 'Qualcomm'],
  [0x15ad, 'VMware'],
  [0x1af4, 'Red Hat'],
])

function hex(id: number): string {
  return id.toString(16).padStart(4, '0')
}
