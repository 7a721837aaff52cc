// Chromium's command line: what Hearth adds to it on each platform, and why.

export interface Machine {
  readonly platform: string
  /** A GPU driver is there (Linux: a render node), and nobody chose an adapter by hand. */
  readonly hasHardwareAdapter: boolean
}

/** Switches as [name, value]; an empty value is a switch without one. */
export function switchesFor(machine: Machine): readonly (readonly [name: string, value: string])[] {
  return [
    // A GPU process that dies again and again must not take the app down: Hearth counts losses itself and explains them.
    ['disable-gpu-process-crash-limit', ''],
    // No name and no address resolves for the window, so not even a DNS prefetch leaves this computer.
    ['host-resolver-rules', 'MAP * ~NOTFOUND'],
    ['force-webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
    // Chromium's own errands.
    ['disable-background-networking', ''],
    ['disable-component-update', ''],
    ['disable-domain-reliability', ''],
    ['disable-sync', ''],
    ['no-pings', ''],
    // WebGPU is not on by default on Linux. Only our own page and our own shaders run.
    ...(machine.platform === 'linux' ? ([['enable-unsafe-webgpu', '']] as const) : []),
    ...(machine.platform === 'linux' && machine.hasHardwareAdapter ? ([['enable-features', 'Vulkan']] as const) : []),
  ]
}
