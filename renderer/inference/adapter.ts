// Which WebGPU adapter there is, in words, and which of a model's three libraries fits it.
import type { AdapterReport, LibraryKind } from './protocol.ts'

/** Software adapters by what they call themselves: Chromium's SwiftShader, Mesa's llvmpipe and lavapipe, Windows' WARP. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|swrast|microsoft basic render|\bwarp\b/i

/** The parts of a GPUAdapter that are read here. */
export interface AdapterFacts {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly isFallbackAdapter?: boolean
  }
  readonly features: { has(name: string): boolean }
}

/** Describes an adapter for the window and picks the library: by kind of adapter first, then by half precision. */
export function describeAdapter({ info, features }: AdapterFacts): AdapterReport {
  const words = [info.description, info.device, info.architecture, info.vendor].filter((word) => word !== '')
  const software = info.isFallbackAdapter === true || info.vendor === 'mesa' || words.some((w) => softwareNames.test(w))
  const halfPrecision = features.has('shader-f16')
  const library: LibraryKind = software ? 'software' : halfPrecision ? 'half' : 'portable'
  return {
    name: info.description || [info.vendor, info.architecture].filter((word) => word !== '').join(' ') || 'unnamed',
    software,
    halfPrecision,
    library,
  }
}

/** Waits between attempts, in ms: the first request after start or after a GPU process crash may answer null and the next succeed. */
export const adapterRetryDelaysMs = [0, 50, 150, 400, 1000, 2000] as const

/**
 * Asks for an adapter until there is one or the delays are used up, then once for the software adapter: Chromium offers that on request even where it
 * does not stand in for a missing graphics card by itself.
 */
export async function requestAdapterPatiently<Adapter>(
  request: (forceFallbackAdapter: boolean) => Promise<Adapter | null>,
  sleep: (delayMs: number) => Promise<void>,
  delaysMs: readonly number[] = adapterRetryDelaysMs,
): Promise<Adapter | null> {
  for (const delayMs of delaysMs) {
    if (delayMs > 0) await sleep(delayMs)
    const adapter = await request(false)
    if (adapter !== null) return adapter
  }
  return request(true)
}
