// A hardware report and a probe as they could be, to be changed in parts.
import type { AdapterProbe, HardwareReport } from '../../../shared/hardware.ts'

export function report(changes: Partial<HardwareReport> = {}): HardwareReport {
  return {
    system: { platform: 'win32', name: 'Windows 11 Pro', version: '10.0.22631', architecture: 'x64' },
    processor: { name: 'AMD Ryzen 9 7900', cores: 12, threads: 24 },
    memory: { totalBytes: 32 * 2 ** 30, availableBytes: 20 * 2 ** 30 },
    graphics: [{ name: 'NVIDIA GeForce RTX 4070', vendor: 'NVIDIA', memoryBytes: 12_282 * 2 ** 20, driver: '551.86' }],
    disk: { freeBytes: 100e9, totalBytes: 500e9 },
    budget: { memoryBytes: 11.6e9, reason: '12.9 GB of NVIDIA GeForce RTX 4070, less 1.3 GB' },
    probe: null,
    ...changes,
  }
}

export function probeOf(changes: Partial<AdapterProbe['adapter']>): AdapterProbe {
  return {
    adapter: adapter(changes),
    bandwidthBytesPerSecond: 4.2e11,
    computeFlopsPerSecond: 2e13,
    measuredAtMs: Date.UTC(2026, 8, 21, 14, 13, 20),
  }
}

export function adapter(changes: Partial<AdapterProbe['adapter']>): AdapterProbe['adapter'] {
  return {
    name: 'an adapter',
    vendor: 'nvidia',
    architecture: 'lovelace',
    isSoftware: false,
    hasHalfPrecision: true,
    hasSubgroups: true,
    maximumBufferBytes: 2 ** 32,
    maximumBindingBytes: 2 ** 31,
    maximumWorkgroupInvocations: 1024,
    ...changes,
  }
}
