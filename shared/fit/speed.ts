// Tokens per second before a model is there: the bytes a token has to read, at the bandwidth measured on the adapter, times the share of it that decoding
// reached with a model of about that size. Small models reach less, because starting the programs takes a larger part of their time.
import { bytesPerToken, type ModelNeeds, speedAt } from './needs.ts'

export interface SpeedSample {
  readonly bytesPerToken: number
  /** Measured tokens per second, divided by those that the bandwidth would allow. */
  readonly share: number
}

/**
 * Of a software adapter, before anything was measured on it: the middle of the shares in ARCHITECTURE.md (SwiftShader on two cores, one layer of each
 * architecture with its 4-bit weights). No GPU has been measured, so there is none for GPUs: their prediction is an upper bound until a model has run.
 */
export const softwareSamples: readonly SpeedSample[] = [{ bytesPerToken: 116e6, share: 0.2 }]

/** From what a person's own machine did. `tokens` came before the measured ones. */
export function speedSample(
  needs: ModelNeeds,
  tokens: number,
  bandwidthBytesPerSecond: number,
  speedTokensPerSecond: number,
): SpeedSample {
  const limit = speedAt(needs, tokens, bandwidthBytesPerSecond)
  return { bytesPerToken: bytesPerToken(needs, tokens), share: speedTokensPerSecond / limit }
}

/** By the sample nearest in bytes per token; an upper bound without samples. */
export function predictedSpeed(
  needs: ModelNeeds,
  tokens: number,
  bandwidthBytesPerSecond: number,
  samples: readonly SpeedSample[],
): number {
  return speedFor(bytesPerToken(needs, tokens), bandwidthBytesPerSecond, samples)
}

/** The same, of a token that reads so many bytes. */
export function speedFor(readBytes: number, bandwidthBytesPerSecond: number, samples: readonly SpeedSample[]): number {
  const distance = (sample: SpeedSample) => Math.abs(Math.log(sample.bytesPerToken / readBytes))
  const nearest = [...samples].sort((a, b) => distance(a) - distance(b))[0]
  return (bandwidthBytesPerSecond / readBytes) * (nearest?.share ?? 1)
}
