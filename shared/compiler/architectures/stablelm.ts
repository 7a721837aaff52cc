// StableLM 3B and Zephyr 3B: Llama's layer with LayerNorm and partial rotary positions. Fields as in huggingface/transformers
// configuration_stablelm.py and in the repositories of 2023 (model_type stablelm_epoch: rope_pct, norm_eps); names and fused layouts of mlc-llm
// python/mlc_llm/model/stable_lm.
import { booleanField, choiceField, type Fields, integerField, numberField } from '../checkpoint/config.ts'
import { refuseSwitch, rotarySizeField, spelling } from './fields.ts'
import { llamaSources } from './llama.ts'
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
import type { Architecture, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const stablelm: Architecture = { modelTypes: ['stablelm', 'stablelm_epoch'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  choiceField(fields, 'hidden_act', ['silu', 'swish'], 'silu')
  refuseSwitch(fields, 'qk_layernorm')
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const epsilon = numberField(fields, spelling(fields, 'layer_norm_eps', 'norm_eps'), limits.epsilon, 1e-5)
  const layers = integerField(fields, 'num_hidden_layers', limits.layers)
  return {
    modelType: 'stablelm',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_position_embeddings', limits.context, 4096),
    slidingWindowTokens: null,
    embedding: embedding('model.embed_tokens', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, `model.layers.${index}`, hiddenSize, epsilon)),
    head: head(layerNorm('model.norm', epsilon), booleanField(fields, 'tie_word_embeddings', false), linear('lm_head')),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, at: string, hiddenSize: number, epsilon: number): LayerSpec {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName: 'num_attention_heads' })
  const parallel = booleanField(fields, 'use_parallel_residual', false)
  return {
    arrangement: parallel ? 'parallel' : 'serial',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.input_layernorm`, epsilon),
    mixer: attention({
      heads,
      kvHeads: kvHeadsField(fields, 'num_key_value_heads', heads),
      headSize,
      qkv: linear(`${at}.self_attn.qkv_proj`, booleanField(fields, 'use_qkv_bias', false)),
      output: linear(`${at}.self_attn.o_proj`),
      rope: ropeField(
        fields,
        rotarySizeField(fields, spelling(fields, 'partial_rotary_factor', 'rope_pct'), headSize, 0.25),
      ),
    }),
    feedForwardNorm: layerNorm(`${at}.${parallel ? 'input' : 'post_attention'}_layernorm`, epsilon),
    feedForward: {
      kind: 'gated',
      size: widthField(fields, 'intermediate_size'),
      activation: 'silu',
      gate: 'first',
      gateUp: linear(`${at}.mlp.gate_up_proj`),
      down: linear(`${at}.mlp.down_proj`),
    },
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, (tensor) => llamaSources(tensor, model))
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^model\.layers\.\d{1,4}\.self_attn\.rotary_emb\.inv_freq$/
  return model.head.tied ? [rotary, /^lm_head\.weight$/] : [rotary]
}
