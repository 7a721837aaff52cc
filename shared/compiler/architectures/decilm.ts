// DeciLM: Llama with a number of KV heads of its own in every layer (variable grouped-query attention). Fields as in Deci/DeciLM-7B
// configuration_decilm.py; the dynamic rotary scaling of the published config only acts beyond max_position_embeddings, which is the context.
// Names and fused layouts are those of mlc-llm's Llama; it has no DeciLM.
import { CompileError } from '../../errors.ts'
import { configFile, type Fields, integerField, objectField, own } from '../checkpoint/config.ts'
import { llama } from './llama.ts'
import { decoderFields, limits } from './parts.ts'
import type { Architecture, DecoderSpec } from './spec.ts'

export const decilm: Architecture = {
  modelTypes: ['deci', 'decilm'],
  spec,
  weights: llama.weights,
  ignorable: llama.ignorable,
}

const perLayer = 'num_key_value_heads_per_layer'

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  const kvHeads = own(fields, perLayer)
  const layers = integerField(fields, 'num_hidden_layers', limits.layers)
  if (!Array.isArray(kvHeads) || kvHeads.length !== layers)
    throw new CompileError(configFile, perLayer, `expected a list of ${layers} numbers, one per layer`)
  const model = llama.spec({ ...fields, num_key_value_heads: undefined, rope_scaling: scalingWithin(fields) })
  return {
    ...model,
    layers: model.layers.map((layer, index) => {
      if (layer.mixer.kind !== 'attention') return layer
      return { ...layer, mixer: { ...layer.mixer, kvHeads: kvHeadsOf(kvHeads[index], index, layer.mixer.heads) } }
    }),
  }
}

function kvHeadsOf(value: unknown, index: number, heads: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || heads % (value as number) !== 0)
    throw new CompileError(
      configFile,
      `${perLayer}.${index}`,
      `${JSON.stringify(value)?.slice(0, 60)}, expected a whole number that divides ${heads} heads`,
    )
  return value as number
}

/** The scaling that acts within the context. */
function scalingWithin(fields: Fields): Fields | null {
  const scaling = objectField(fields, 'rope_scaling')
  return scaling !== null && (own(scaling, 'type') ?? own(scaling, 'rope_type')) === 'dynamic' ? null : scaling
}
