// GPT-NeoX: LayerNorm, partial rotary positions, attention and feed-forward side by side (GPT-NeoX-20B, Pythia, Dolly) or one after the other
// (RedPajama-INCITE, StableLM-Alpha). Fields as in huggingface/transformers configuration_gpt_neox.py; names and the fused layout of
// mlc-llm python/mlc_llm/model/gpt_neox, whose GELU is always the exact one while configs also ask for the approximation by tanh.
import { booleanField, integerField, numberField } from '../checkpoint/config.ts'
import { activationField, rotarySizeField } from './fields.ts'
import { forQkv, groupedQkv, withOrWithout } from './layouts.ts'
import {
  attention,
  decoderFields,
  each,
  embedding,
  head,
  headSizeOf,
  layerNorm,
  limits,
  linear,
  specialTokens,
  widthField,
} from './parts.ts'
import { ropeField } from './rope.ts'
import type { Architecture, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const gptNeox: Architecture = { modelTypes: ['gpt_neox'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, 'num_hidden_layers', limits.layers)
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName: 'num_attention_heads' })
  const epsilon = numberField(fields, 'layer_norm_eps', limits.epsilon, 1e-5)
  const rope = ropeField(fields, rotarySizeField(fields, 'rotary_pct', headSize, 0.25), 'halves', 'rotary_emb_base')
  const attentionBias = booleanField(fields, 'attention_bias', true)
  const layer = (at: string): LayerSpec => ({
    arrangement: booleanField(fields, 'use_parallel_residual', true) ? 'parallel' : 'serial',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.input_layernorm`, epsilon),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.attention.query_key_value`, attentionBias),
      output: linear(`${at}.attention.dense`, attentionBias),
      rope,
    }),
    feedForwardNorm: layerNorm(`${at}.post_attention_layernorm`, epsilon),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'intermediate_size'),
      activation: activationField(fields, 'hidden_act', 'gelu'),
      up: linear(`${at}.mlp.dense_h_to_4h`, true),
      down: linear(`${at}.mlp.dense_4h_to_h`, true),
    },
  })
  return {
    modelType: 'gpt_neox',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_position_embeddings', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('gpt_neox.embed_in', hiddenSize),
    layers: each(layers, (index) => layer(`gpt_neox.layers.${index}`)),
    head: head(
      layerNorm('gpt_neox.final_layer_norm', epsilon),
      booleanField(fields, 'tie_word_embeddings', false),
      linear('embed_out'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, withOrWithout('gpt_neox.', forQkv(model, groupedQkv)))
}

/** The causal mask, the value it masks with and the rotary table, which old files hold per layer. */
function ignorable(model: DecoderSpec): readonly RegExp[] {
  const buffers = /^(?:gpt_neox\.)?layers\.\d{1,4}\.attention\.(?:bias|masked_bias|rotary_emb\.inv_freq)$/
  return model.head.tied ? [buffers, /^embed_out\.weight$/] : [buffers]
}
