// Answers of systeminformation and Chromium on several machines, cut to what is read of them. In the form of systeminformation 5.33's parsers of
// system_profiler, PowerShell, lspci and nvidia-smi; vram is MiB, and on Linux the size of the window that lspci shows.
import type { ChromiumDevice, Controller, KernelDevice } from '../../../../electron/services/hardware/graphics.ts'

export interface TestMachine {
  readonly title: string
  readonly platform: NodeJS.Platform
  readonly totalGibibytes: number
  readonly availableGibibytes: number
  readonly controllers: readonly Controller[]
  readonly kernel: readonly KernelDevice[]
  readonly chromium: readonly ChromiumDevice[]
}

const none = { controllers: [], kernel: [], chromium: [] }

export const appleM1: TestMachine = {
  ...none,
  title: 'a Mac with an M1 and 16 GiB',
  platform: 'darwin',
  totalGibibytes: 16,
  availableGibibytes: 7,
  controllers: [{ vendor: 'Apple', model: 'Apple M1', vram: null, vramDynamic: true }],
  chromium: [{ vendorId: 0x106b, deviceId: 0, driverVersion: null }],
}

export const appleM2Max: TestMachine = {
  ...appleM1,
  title: 'a Mac with an M2 Max and 96 GiB',
  totalGibibytes: 96,
  controllers: [{ vendor: 'Apple', model: 'Apple M2 Max', vram: null, vramDynamic: true }],
}

/** A notebook: the integrated adapter comes first. */
export const windowsNvidia: TestMachine = {
  ...none,
  title: 'Windows with an RTX 4070 beside Intel UHD',
  platform: 'win32',
  totalGibibytes: 32,
  availableGibibytes: 20,
  controllers: [
    { vendor: 'Intel Corporation', model: 'Intel(R) UHD Graphics 770', vram: 1024, vramDynamic: false },
    {
      vendor: 'NVIDIA',
      model: 'NVIDIA GeForce RTX 4070',
      name: 'NVIDIA GeForce RTX 4070',
      vram: 12_282,
      memoryTotal: 12_282,
      driverVersion: '551.86',
      vramDynamic: false,
    },
  ],
  chromium: [
    { vendorId: 0x8086, deviceId: 0x4680, driverVersion: '31.0.101.4502' },
    { vendorId: 0x10de, deviceId: 0x2786, driverVersion: '31.0.15.5186' },
  ],
}

export const windowsIntel: TestMachine = {
  ...none,
  title: 'Windows with Intel Iris Xe',
  platform: 'win32',
  totalGibibytes: 16,
  availableGibibytes: 9,
  controllers: [{ vendor: 'Intel Corporation', model: 'Intel(R) Iris(R) Xe Graphics', vram: 128, vramDynamic: false }],
  chromium: [{ vendorId: 0x8086, deviceId: 0x9a49, driverVersion: '31.0.101.5382' }],
}

export const windowsArc: TestMachine = {
  ...windowsIntel,
  title: 'Windows with an Intel Arc B580',
  controllers: [{ vendor: 'Intel Corporation', model: 'Intel(R) Arc(TM) B580 Graphics', vram: 12_216 }],
}

/** The kernel tells 512 MiB set aside for it; lspci shows a window of 256 MiB. */
export const linuxAmdIntegrated: TestMachine = {
  ...none,
  title: 'Linux with an AMD processor’s own graphics',
  platform: 'linux',
  totalGibibytes: 32,
  availableGibibytes: 24,
  controllers: [
    {
      vendor: 'Advanced Micro Devices, Inc. [AMD/ATI]',
      model: 'Rembrandt [Radeon 680M]',
      busAddress: '35:00.0',
      vram: 256,
    },
  ],
  kernel: [{ address: '0000:35:00.0', driver: 'amdgpu', memoryBytes: 512 * 2 ** 20 }],
  chromium: [{ vendorId: 0x1002, deviceId: 0x1681, driverVersion: '24.2.8' }],
}

export const linuxAmdCard: TestMachine = {
  ...none,
  title: 'Linux with a Radeon RX 7900 XTX',
  platform: 'linux',
  totalGibibytes: 64,
  availableGibibytes: 50,
  controllers: [
    {
      vendor: 'Advanced Micro Devices, Inc. [AMD/ATI]',
      model: 'Navi 31 [Radeon RX 7900 XT/7900 XTX]',
      busAddress: '03:00.0',
      vram: 256,
    },
  ],
  kernel: [{ address: '0000:03:00.0', driver: 'amdgpu', memoryBytes: 24 * 2 ** 30 }],
}

/** No nvidia-smi: the window that lspci shows must not pass for the card's memory. */
export const linuxNvidiaUntold: TestMachine = {
  ...none,
  title: 'Linux with an NVIDIA card and no tool that tells its memory',
  platform: 'linux',
  totalGibibytes: 64,
  availableGibibytes: 50,
  controllers: [{ vendor: 'NVIDIA Corporation', model: 'AD104 [GeForce RTX 4070]', busAddress: '01:00.0', vram: 256 }],
  kernel: [{ address: '0000:01:00.0', driver: 'nouveau', memoryBytes: null }],
}

/** No lspci either: only Chromium knows. */
export const linuxBare: TestMachine = {
  ...none,
  title: 'Linux without lspci, Intel by its PCI number',
  platform: 'linux',
  totalGibibytes: 8,
  availableGibibytes: 6,
  chromium: [{ vendorId: 0x8086, deviceId: 0x46a6, driverVersion: '23.2.1' }],
}

export const linuxVirtual: TestMachine = {
  ...none,
  title: 'a virtual machine with a display and no graphics',
  platform: 'linux',
  totalGibibytes: 8,
  availableGibibytes: 6,
  controllers: [{ vendor: 'Red Hat, Inc.', model: 'Virtio 1.0 GPU', busAddress: '00:01.0', vram: 8 }],
  kernel: [{ address: '0000:00:01.0', driver: 'virtio-pci', memoryBytes: null }],
  chromium: [{ vendorId: 0xffff, deviceId: 0xffff, driverVersion: null }],
}

export const nothing: TestMachine = {
  ...none,
  title: 'a machine without graphics',
  platform: 'linux',
  totalGibibytes: 24,
  availableGibibytes: 22,
}
