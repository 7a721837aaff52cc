// How the next word is drawn: a model's own values, those a chat chose, and what the engine is given.

import { scaffoldStops } from '../../../shared/chats/scaffold.ts'
import type { ChatSampling, ChatSettings, Scaffold } from '../../../shared/chats/types.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import type { Sampling } from '../../inference/protocol.ts'
import { lengthLimits } from '../sampling.ts'

const mostStopStrings = 16
const smallContextTokens = 512

/** Of the model where it is of this variant, else of most models. */
export function defaultSampling(variant: Variant, model: InstalledModel | null): ChatSampling {
  const manifest = model?.manifest.variant === variant ? model.manifest : null
  const contextTokens = manifest?.contextTokens ?? 2048
  const usualTokens = contextTokens <= smallContextTokens ? 96 : variant === 'base' ? 256 : 1024
  return {
    temperature: manifest?.defaults.temperature ?? 0.7,
    topP: manifest?.defaults.topP ?? 0.9,
    maxTokens: Math.min(usualTokens, lengthLimits(contextTokens).max),
    seed: null,
    frequencyPenalty: 0,
    presencePenalty: 0,
    repetitionPenalty: 1,
    stopStrings: [],
    jsonSchema: null,
    keepProbabilities: false,
  }
}

export function samplingOf(settings: ChatSettings, variant: Variant, model: InstalledModel | null): ChatSampling {
  return settings.sampling[variant] ?? defaultSampling(variant, model)
}

/** With the ends of the scaffold's lines among the stop strings, so that a record says all there was. */
export function withScaffoldStops(sampling: ChatSampling, scaffold: Scaffold): ChatSampling {
  const stopStrings = [...new Set([...scaffoldStops(scaffold), ...sampling.stopStrings])]
  return { ...sampling, stopStrings: stopStrings.slice(0, mostStopStrings) }
}

/** What the engine is given; values that change nothing are left out. Whoever sets a seed wants the same text again: that costs reading the whole chat. */
export function engineSampling(sampling: ChatSampling, seed: number): Sampling {
  const { temperature, topP, maxTokens, frequencyPenalty, presencePenalty, repetitionPenalty } = sampling
  const { stopStrings, jsonSchema, keepProbabilities } = sampling
  return {
    temperature,
    topP,
    maxTokens,
    seed,
    ...(frequencyPenalty === 0 ? {} : { frequencyPenalty }),
    ...(presencePenalty === 0 ? {} : { presencePenalty }),
    ...(repetitionPenalty === 1 ? {} : { repetitionPenalty }),
    ...(stopStrings.length === 0 ? {} : { stopStrings }),
    ...(jsonSchema === null ? {} : { jsonSchema }),
    ...(keepProbabilities ? { alternatives: 5 } : {}),
    ...(sampling.seed === null ? {} : { fromEmptyCache: true }),
  }
}
