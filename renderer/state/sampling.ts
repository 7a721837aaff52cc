// How the next word is drawn. A seed is always known: a random one is drawn before each run and shown, so that a run can be repeated.
import { createStore } from 'zustand/vanilla'
import type { ModelManifest } from '../../shared/model.ts'

export interface SamplingState {
  readonly temperature: number
  readonly topP: number
  readonly maxTokens: number
  readonly seed: number
  readonly seedKind: 'random' | 'fixed'
  /** A person moved temperature or top-p: another model's defaults no longer replace them. */
  readonly touched: boolean
}

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

export function createSampling() {
  return createStore<SamplingState>()(() => ({
    temperature: 0.9,
    topP: 0.9,
    maxTokens: 96,
    seed: 1,
    seedKind: 'random',
    touched: false,
  }))
}

/** A model's own temperature and top-p, unless a person chose theirs; the length is brought into its limits. */
export function adopted(state: SamplingState, { defaults, contextTokens }: ModelManifest): SamplingState {
  const { min, max } = lengthLimits(contextTokens)
  return {
    ...state,
    ...(state.touched ? {} : { temperature: defaults.temperature, topP: defaults.topP }),
    maxTokens: Math.min(max, Math.max(min, state.maxTokens)),
  }
}

/** Whole numbers within the range of a seed; anything else keeps the old one. */
export function parsedSeed(text: string, old: number): number {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= largestSeed ? value : old
}
