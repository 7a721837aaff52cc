// What sampling values a person may choose.
export const samplingLimits = {
  temperature: { min: 0, max: 2, step: 0.05 },
  topP: { min: 0.05, max: 1, step: 0.05 },
} as const

const largestSeed = 2 ** 31 - 1

/** Length in tokens: never more than half of what the model can hold, so that at least as much of the text is read. */
export function lengthLimits(contextTokens: number): {
  readonly min: number
  readonly max: number
  readonly step: number
} {
  const max = Math.max(1, Math.min(4096, Math.floor(contextTokens / 2)))
  return { min: Math.min(8, max), max, step: max > 512 ? 8 : 4 }
}

/** Whole numbers within the range of a seed; anything else keeps the old one. */
export function parsedSeed(text: string, old: number): number {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= largestSeed ? value : old
}
