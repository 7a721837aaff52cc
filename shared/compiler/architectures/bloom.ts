// BLOOM: ALiBi for any number of heads, LayerNorm after the embedding, GELU by tanh, biases everywhere, tied head. Fields as in
// huggingface/transformers configuration_bloom.py in both spellings (n_embed and num_attention_heads, or hidden_size and n_head); names are the
// checkpoint's, which the originals write without `transformer.`. mlc-llm has no BLOOM.
import { booleanField, integerField, numberField } from '../checkpoint/config.ts'
import { refuseOther, refuseSwitch, spelling } from './fields.ts'
import { forQkv, groupedQkv, withOrWithout } from './layouts.ts'
import {
  alibiSlopes,
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
import type { Architecture, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const bloom: Architecture = { modelTypes: ['bloom'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'apply_residual_connection_post_layernorm')
  const hiddenSize = widthField(fields, spelling(fields, 'hidden_size', 'n_embed'))
  refuseOther(fields, 'n_inner', [4 * hiddenSize])
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, spelling(fields, 'n_layer', 'num_hidden_layers'), limits.layers)
  const headsName = spelling(fields, 'n_head', 'num_attention_heads')
  const heads = integerField(fields, headsName, limits.heads)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  const slopes = alibiSlopes(heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName })
  const layer = (at: string): LayerSpec => ({
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.input_layernorm`, epsilon),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.self_attention.query_key_value`, true),
      output: linear(`${at}.self_attention.dense`, true),
      alibiSlopes: slopes,
    }),
    feedForwardNorm: layerNorm(`${at}.post_attention_layernorm`, epsilon),
    feedForward: {
      kind: 'plain',
      size: 4 * hiddenSize,
      activation: 'geluTanh',
      up: linear(`${at}.mlp.dense_h_to_4h`, true),
      down: linear(`${at}.mlp.dense_4h_to_h`, true),
    },
  })
  return {
    modelType: 'bloom',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'seq_length', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('transformer.word_embeddings', hiddenSize, {
      norm: layerNorm('transformer.word_embeddings_layernorm', epsilon),
    }),
    layers: each(layers, (index) => layer(`transformer.h.${index}`)),
    head: head(
      layerNorm('transformer.ln_f', epsilon),
      booleanField(fields, 'tie_word_embeddings', true),
      linear('lm_head'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, withOrWithout('transformer.', forQkv(model, groupedQkv)))
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  return model.head.tied ? [/^lm_head\.weight$/] : []
}
