// Does a model fit a machine, asked before anything is downloaded: fits, fits with a smaller context, or does not fit, always with the numbers.
import type { LibraryTarget } from '../compiler/kernels/target.ts'
import { type Buffer, type MemoryNeed, type ModelNeeds, memoryAt } from './needs.ts'
import { predictedSpeed, type SpeedSample } from './speed.ts'

/** What is known of a machine before a model runs on it. */
export interface Machine {
  readonly target: LibraryTarget
  /** Memory that a model may take. */
  readonly memoryBytes: number
  /** The smaller of the adapter's maxBufferSize and maxStorageBufferBindingSize. */
  readonly largestBufferBytes: number
  /** Measured; null before. */
  readonly bandwidthBytesPerSecond: number | null
  /** How near to that bandwidth models came here; none takes it for what they reach. */
  readonly speedSamples?: readonly SpeedSample[]
}

/** `speedTokensPerSecond`: at the start of a conversation, `at most` where the machine has no samples; null without a measured bandwidth. */
export type Verdict =
  | {
      readonly kind: 'fits'
      readonly contextTokens: number
      readonly memory: MemoryNeed
      readonly speedTokensPerSecond: number | null
    }
  | {
      readonly kind: 'fits-with-smaller-context'
      readonly contextTokens: number
      readonly memory: MemoryNeed
      readonly speedTokensPerSecond: number | null
      /** What was asked for, and what it would have taken. */
      readonly wantedContextTokens: number
      readonly wantedMemory: MemoryNeed
    }
  | {
      readonly kind: 'does-not-fit'
      /** For the smallest context. */
      readonly memory: MemoryNeed
      readonly problem:
        | { readonly kind: 'memory'; readonly needBytes: number; readonly haveBytes: number }
        | { readonly kind: 'buffer'; readonly buffer: Buffer; readonly haveBytes: number }
    }

/** Below this a conversation is over before it begins. */
const smallestContextTokens = 512
/** Contexts that are offered are whole multiples of this. */
const contextStep = 256

/** For a context of `wantedTokens`, at most what the model was trained for; the compiler's usual one unless given. */
export function judgeFit(
  needs: ModelNeeds,
  machine: Machine,
  wantedTokens: number = needs.usualContextTokens,
): Verdict {
  const contextTokens = Math.min(wantedTokens, needs.contextTokens)
  const memory = memoryAt(needs, contextTokens)
  if (problemOf(memory, machine) === null)
    return { kind: 'fits', contextTokens, memory, speedTokensPerSecond: speedOn(needs, machine) }
  const smaller = largestContext(needs, machine, contextTokens)
  if (smaller !== null)
    return {
      kind: 'fits-with-smaller-context',
      contextTokens: smaller,
      memory: memoryAt(needs, smaller),
      speedTokensPerSecond: speedOn(needs, machine),
      wantedContextTokens: contextTokens,
      wantedMemory: memory,
    }
  const least = memoryAt(needs, Math.min(smallestContextTokens, contextTokens))
  const problem = problemOf(least, machine)
  if (problem === null) throw new Error('a context that fits was not found')
  return { kind: 'does-not-fit', memory: least, problem }
}

/** Memory grows with the context, so the largest that fits is found by halving. */
function largestContext(needs: ModelNeeds, machine: Machine, belowTokens: number): number | null {
  const fits = (contextTokens: number) => problemOf(memoryAt(needs, contextTokens), machine) === null
  let low = Math.min(smallestContextTokens, belowTokens)
  if (!fits(low)) return null
  let high = belowTokens
  while (high - low > contextStep) {
    const middle = Math.floor((low + high) / 2 / contextStep) * contextStep
    if (middle <= low) break
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

function problemOf(memory: MemoryNeed, { memoryBytes, largestBufferBytes }: Machine) {
  const { largestBuffer, totalBytes } = memory
  // A buffer that cannot be bound is told first: no smaller context helps where it is a weight.
  if (largestBuffer.sizeBytes > largestBufferBytes)
    return { kind: 'buffer', buffer: largestBuffer, haveBytes: largestBufferBytes } as const
  if (totalBytes > memoryBytes) return { kind: 'memory', needBytes: totalBytes, haveBytes: memoryBytes } as const
  return null
}

function speedOn(needs: ModelNeeds, { bandwidthBytesPerSecond, speedSamples = [] }: Machine): number | null {
  return bandwidthBytesPerSecond === null ? null : predictedSpeed(needs, 0, bandwidthBytesPerSecond, speedSamples)
}
