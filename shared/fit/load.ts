// Whether an installed model can be loaded here, and how fast it would write, asked before a byte of its weights is read: its manifest says what each of its
// libraries takes. Manifests of before tell it of the portable library alone, which takes no less than the others.
import type { LibraryNeeds, ModelManifest } from '../model.ts'
import { type SpeedSample, speedFor } from './speed.ts'
import type { Machine } from './verdict.ts'

/** `what` is too small: the memory for models, or the largest buffer that the adapter takes. */
export interface LoadProblem {
  readonly code: 'does-not-fit'
  readonly what: 'memory' | 'buffer'
  readonly needBytes: number
  readonly haveBytes: number
  /** The largest context that would fit; null where none does. */
  readonly contextTokens: number | null
}

type LoadedPart = Pick<ModelManifest, 'memory' | 'needs' | 'contextTokens'>

const contextStep = 256
/** Below this a conversation is over before it begins. */
const leastContextTokens = 512

/** Weights, cache and working buffers of one conversation; `contextTokens` is at most what it was compiled for. */
export function memoryOfLoaded(
  manifest: LoadedPart,
  target: Machine['target'],
  contextTokens: number = manifest.contextTokens,
): number {
  const { cacheBytes, workingBytes, cacheBytesPerToken } = needsFor(manifest, target)
  const spared = Math.max(0, manifest.contextTokens - contextTokens) * cacheBytesPerToken
  return manifest.memory.weightsBytes + Math.max(0, cacheBytes - spared) + workingBytes
}

/** null where it fits. `haveBytes` is what is free for it: the machine's memory unless other models stay loaded. */
export function loadProblem(
  manifest: LoadedPart,
  machine: Machine,
  contextTokens: number = manifest.contextTokens,
  haveBytes: number = machine.memoryBytes,
): LoadProblem | null {
  const { largestBufferBytes } = needsFor(manifest, machine.target)
  if (largestBufferBytes > machine.largestBufferBytes)
    return {
      code: 'does-not-fit',
      what: 'buffer',
      needBytes: largestBufferBytes,
      haveBytes: machine.largestBufferBytes,
      contextTokens: null,
    }
  const needBytes = memoryOfLoaded(manifest, machine.target, contextTokens)
  if (needBytes <= haveBytes) return null
  const fitting = largestContext(manifest, machine.target, contextTokens, haveBytes)
  return { code: 'does-not-fit', what: 'memory', needBytes, haveBytes, contextTokens: fitting }
}

/** At the start of a conversation; null without a measured bandwidth, an upper bound without samples. */
export function speedOfLoaded(manifest: LoadedPart, machine: Machine): number | null {
  if (machine.bandwidthBytesPerSecond === null) return null
  const { readBytesPerToken } = needsFor(manifest, machine.target)
  return speedFor(readBytesPerToken, machine.bandwidthBytesPerSecond, machine.speedSamples ?? [])
}

/** From what was measured when the model wrote here; the cache is left out, so it should be near the start of a conversation. */
export function sampleOf(
  manifest: LoadedPart,
  target: Machine['target'],
  bandwidthBytesPerSecond: number,
  speedTokensPerSecond: number,
): SpeedSample {
  const { readBytesPerToken } = needsFor(manifest, target)
  return {
    bytesPerToken: readBytesPerToken,
    share: (speedTokensPerSecond * readBytesPerToken) / bandwidthBytesPerSecond,
  }
}

function largestContext(
  manifest: LoadedPart,
  target: Machine['target'],
  belowTokens: number,
  haveBytes: number,
): number | null {
  const { cacheBytesPerToken } = needsFor(manifest, target)
  const overBytes = memoryOfLoaded(manifest, target, belowTokens) - haveBytes
  if (cacheBytesPerToken === 0) return null
  const tokens = belowTokens - Math.ceil(overBytes / cacheBytesPerToken)
  const whole = Math.floor(tokens / contextStep) * contextStep
  return whole < leastContextTokens ? null : whole
}

function needsFor({ memory, needs, contextTokens }: LoadedPart, target: Machine['target']): LibraryNeeds {
  if (needs !== undefined) return needs[target]
  const { weightsBytes, cacheBytes, workingBytes } = memory
  const cacheBytesPerToken = Math.floor(cacheBytes / contextTokens)
  return { cacheBytes, workingBytes, cacheBytesPerToken, largestBufferBytes: 0, readBytesPerToken: weightsBytes }
}
