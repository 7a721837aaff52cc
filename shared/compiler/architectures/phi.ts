// Phi-1, 1.5 and 2: one LayerNorm for both halves of a layer side by side, partial rotary positions, biases everywhere, the head's too. Fields as in
// huggingface/transformers configuration_phi.py and in microsoft/phi-2 of 2023 (model_type phi-msft: n_embd, n_layer, rotary_dim); names of
// mlc-llm python/mlc_llm/model/phi.
import { type Fields, integerField, numberField, own } from '../checkpoint/config.ts'
import { activationField, refuseSwitch, rotaryCountField, rotarySizeField, spelling } from './fields.ts'
import { asIs, forQkv, separateQkv } from './layouts.ts'
import {
  attention,
  decoderFields,
  each,
  embedding,
  head,
  headSizeOf,
  kvHeadsField,
  layerNorm,
  limits,
  linear,
  specialTokens,
  widthField,
} from './parts.ts'
import { ropeField } from './rope.ts'
import type { Architecture, DecoderSpec, LayerSpec, ModelTensor, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const phi: Architecture = { modelTypes: ['phi', 'phi-msft'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  for (const name of ['qk_layernorm', 'tie_word_embeddings']) refuseSwitch(fields, name)
  const hiddenSize = widthField(fields, spelling(fields, 'hidden_size', 'n_embd'))
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, spelling(fields, 'num_hidden_layers', 'n_layer'), limits.layers)
  const epsilon = numberField(fields, spelling(fields, 'layer_norm_eps', 'layer_norm_epsilon'), limits.epsilon, 1e-5)
  return {
    modelType: own(fields, 'model_type') === 'phi-msft' ? 'phi-msft' : 'phi',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(
      fields,
      spelling(fields, 'max_position_embeddings', 'n_positions'),
      limits.context,
      2048,
    ),
    slidingWindowTokens: null,
    embedding: embedding('transformer.embd', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, `transformer.h.${index}`, hiddenSize, epsilon)),
    head: head(layerNorm('lm_head.ln', epsilon), false, linear('lm_head.linear', true)),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, at: string, hiddenSize: number, epsilon: number): LayerSpec {
  const headsName = spelling(fields, 'num_attention_heads', 'n_head')
  const heads = integerField(fields, headsName, limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName })
  const innerName = spelling(fields, 'intermediate_size', 'n_inner')
  const rotarySize =
    own(fields, 'rotary_dim') == null
      ? rotarySizeField(fields, 'partial_rotary_factor', headSize, 0.5)
      : rotaryCountField(fields, 'rotary_dim', headSize, headSize)
  return {
    arrangement: 'parallel',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.ln`, epsilon),
    mixer: attention({
      heads,
      kvHeads: kvHeadsField(fields, spelling(fields, 'num_key_value_heads', 'n_head_kv'), heads),
      headSize,
      qkv: linear(`${at}.mixer.Wqkv`, true),
      output: linear(`${at}.mixer.out_proj`, true),
      rope: ropeField(fields, rotarySize),
    }),
    feedForwardNorm: layerNorm(`${at}.ln`, epsilon),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, innerName, 4 * hiddenSize),
      activation: activationField(fields, spelling(fields, 'hidden_act', 'activation_function'), 'gelu_new'),
      up: linear(`${at}.mlp.fc1`, true),
      down: linear(`${at}.mlp.fc2`, true),
    },
  }
}

/** transformers' names for MLC's, which are those of phi-msft but for the embedding. */
const renamed: readonly (readonly [mlc: RegExp, transformers: string])[] = [
  [/^transformer\.embd\./, 'model.embed_tokens.'],
  [/^lm_head\.ln\./, 'model.final_layernorm.'],
  [/^lm_head\.linear\./, 'lm_head.'],
  [/^transformer\.h\.(\d+)\.ln\./, 'model.layers.$1.input_layernorm.'],
  [/^transformer\.h\.(\d+)\.mixer\.out_proj\./, 'model.layers.$1.self_attn.dense.'],
  [/^transformer\.h\.(\d+)\.mixer\.Wqkv\./, 'model.layers.$1.self_attn.Wqkv.'],
  [/^transformer\.h\.(\d+)\.mlp\./, 'model.layers.$1.mlp.'],
]

function weights(model: DecoderSpec): readonly WeightRule[] {
  if (model.modelType === 'phi-msft')
    return rulesFor(model, (tensor) => [asIs(tensor, tensor.name.replace(/^transformer\.embd\./, '$&wte.'))])
  const named = (tensor: ModelTensor) => ({ ...tensor, name: renamed.reduce(rename, tensor.name) })
  const qkv = forQkv(model, (tensor, mixer) => separateQkv(named(tensor), mixer, 'Wqkv'))
  return rulesFor(model, (tensor) => qkv(tensor) ?? [asIs(named(tensor))])
}

function rename(name: string, [from, to]: readonly [RegExp, string]): string {
  return name.replace(from, to)
}

function ignorable(): readonly RegExp[] {
  return [/^(?:model\.layers|transformer\.h)\.\d{1,4}\.(?:self_attn|mixer)\.rotary_emb\.inv_freq$/]
}
