// The layers of a model as graphs: each mixer and feed-forward from the file of its kind, with the slots that layers of a kind share.
import type { AttentionSpec, MambaSpec } from '../architectures/spec.ts'
import { attentionCache, attentionSlots, decodeAttention, prefillAttention } from './attention.ts'
import type { GraphContext } from './context.ts'
import { decodeExperts, type ExpertsSpec, expertsSlots, prefillExperts } from './experts.ts'
import { type DenseSpec, decodeFeedForward, feedForwardSlots, prefillFeedForward } from './feedForward.ts'
import { decodeHyena, hyenaSlots, hyenaState, prefillHyena } from './hyena.ts'
import type { HalfGraph, LayerGraph } from './layer.ts'
import { decodeMamba, mambaSlots, mambaState, prefillMamba } from './mamba.ts'
import type { PrefixGraph } from './prefix.ts'

export function layerGraphs(context: GraphContext, prefix: PrefixGraph | null): readonly LayerGraph[] {
  const mixerOf = mixers(context, prefix)
  const feedForwardOf = feedForwards(context)
  return context.spec.layers.map((spec, index) => ({ spec, mixer: mixerOf(index), feedForward: feedForwardOf(index) }))
}

function mixers(context: GraphContext, prefix: PrefixGraph | null): (index: number) => HalfGraph {
  const { layers } = context.spec
  const all = layers.map(({ mixer }) => mixer)
  const attention = all.filter((spec): spec is AttentionSpec => spec.kind === 'attention')
  const mamba = all.filter((spec): spec is MambaSpec => spec.kind === 'mamba')
  const slots = {
    attention: attention.length === 0 ? null : attentionSlots(context, attention),
    mamba: mamba.length === 0 ? null : mambaSlots(context, mamba),
    hyena: all.some(({ kind }) => kind === 'hyena') ? hyenaSlots(context) : null,
  }
  return (index) => {
    const spec = all[index]
    if (spec?.kind === 'attention' && slots.attention !== null) {
      const parts = { spec, slots: slots.attention, cache: attentionCache(context, spec, index), prefix }
      return {
        decode: (half) => decodeAttention(context, parts, half),
        prefill: (half) => prefillAttention(context, parts, half),
      }
    }
    if (spec?.kind === 'mamba' && slots.mamba !== null) {
      const parts = { spec, slots: slots.mamba, state: mambaState(context, spec, index) }
      return {
        decode: (half) => decodeMamba(context, parts, half),
        prefill: (half) => prefillMamba(context, parts, half),
      }
    }
    if (spec?.kind === 'hyena' && slots.hyena !== null) {
      const parts = { spec, slots: slots.hyena, state: hyenaState(context, spec, index) }
      return {
        decode: (half) => decodeHyena(context, parts, half),
        prefill: (half) => prefillHyena(context, parts, half),
      }
    }
    throw new Error(`no layer ${index}`)
  }
}

function feedForwards(context: GraphContext): (index: number) => HalfGraph | null {
  const all = context.spec.layers.flatMap(({ feedForward }) => (feedForward === null ? [] : [feedForward]))
  const dense = all.filter((spec): spec is DenseSpec => spec.kind !== 'experts')
  const experts = all.filter((spec): spec is ExpertsSpec => spec.kind === 'experts')
  const slots = dense.length === 0 ? null : feedForwardSlots(context, dense)
  const slotsOfExperts = experts.length === 0 ? null : expertsSlots(context, experts)
  return (index) => {
    const spec = context.spec.layers[index]?.feedForward ?? null
    if (spec?.kind === 'experts' && slotsOfExperts !== null)
      return {
        decode: (half) => decodeExperts(context, spec, slotsOfExperts, half),
        prefill: (half) => prefillExperts(context, spec, slotsOfExperts, half),
      }
    if (spec === null || spec.kind === 'experts' || slots === null) return null
    return {
      decode: (half) => decodeFeedForward(context, spec, slots, half),
      prefill: (half) => prefillFeedForward(context, spec, slots, half),
    }
  }
}
