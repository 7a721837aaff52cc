// A model with each kind of layer once. Its plan is made in a fraction of the time and has every buffer of the whole model's but the repeated caches, which
// are told apart by the layer's number; a test holds the two against each other over the whole catalogue.
import type { DecoderSpec, LayerSpec } from '../compiler/architectures/spec.ts'
import type { PlanSizes } from '../compiler/graph/memory.ts'

export interface Representative {
  readonly spec: DecoderSpec
  /** The slots of the whole model, from those of the short one. */
  readonly wholeSlots: (slots: PlanSizes['slots']) => PlanSizes['slots']
  /** Whether a tensor belongs to a layer that was left out. */
  readonly isLeftOut: (tensorName: string) => boolean
}

export function representativeOf(spec: DecoderSpec): Representative {
  const kinds = spec.layers.map(kindOf)
  const unique = [...new Set(kinds)]
  const firsts = unique.map((kind) => kinds.indexOf(kind))
  const layers = firsts.flatMap((index) => spec.layers.slice(index, index + 1))
  const leftOut = new Set(spec.layers.filter((_layer, index) => !firsts.includes(index)).flatMap(namesIn))
  for (const name of layers.flatMap(namesIn)) leftOut.delete(name)
  return {
    spec: { ...spec, layers },
    wholeSlots: (slots) =>
      slots.flatMap((slot) => {
        const [, stem, index] = /^(cache\..*\.)(\d+)$/.exec(slot.name) ?? []
        if (stem === undefined) return [slot]
        const kind = unique[Number(index)]
        return kinds.flatMap((other, layer) => (other === kind ? [{ ...slot, name: `${stem}${layer}` }] : []))
      }),
    isLeftOut: (tensorName) => leftOut.has(tensorName) || leftOut.has(tensorName.replace(/\.[^.]*$/, '')),
  }
}

/** Everything of a layer but the numbers in its tensors' names. */
function kindOf(layer: LayerSpec): string {
  return JSON.stringify(layer, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\d+/g, '#') : value,
  )
}

function namesIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part]
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(namesIn) : []
}
