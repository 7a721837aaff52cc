// The layers of a model as graphs: each mixer and feed-forward from the file of its kind, with the slots that layers of a kind share.
import type { AttentionSpec } from '../architectures/spec.ts'
import { attentionCache, attentionSlots, decodeAttention, prefillAttention } from './attention.ts'
import type { GraphContext } from './context.ts'
import { decodeExperts, type ExpertsSpec, expertsSlots, prefillExperts } from './experts.ts'
import { type DenseSpec, decodeFeedForward, feedForwardSlots, prefillFeedForward } from './feedForward.ts'
import type { HalfGraph, LayerGraph } from './layer.ts'

export function layerGraphs(context: GraphContext): readonly LayerGraph[] {
  const mixerOf = mixers(context)
  const feedForwardOf = feedForwards(context)
  return context.spec.layers.map((spec, index) => ({ spec, mixer: mixerOf(index), feedForward: feedForwardOf(index) }))
}

function mixers(context: GraphContext): (index: number) => HalfGraph {
  const { layers } = context.spec
  const attention = layers.flatMap(({ mixer }): AttentionSpec[] => (mixer.kind === 'attention' ? [mixer] : []))
  const slots = attention.length === 0 ? null : attentionSlots(context, attention)
  return (index) => {
    const spec = layers[index]?.mixer
    if (spec?.kind !== 'attention' || slots === null) throw new Error(`no graph for a mixer of kind ${spec?.kind}`)
    const parts = { spec, slots, cache: attentionCache(context, spec, index) }
    return {
      decode: (half) => decodeAttention(context, parts, half),
      prefill: (half) => prefillAttention(context, parts, half),
    }
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
