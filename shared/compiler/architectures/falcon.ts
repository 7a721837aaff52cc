// Falcon: one KV head for all queries and one norm for both halves of a layer (7B), or KV heads in groups and a norm for each half (40B, 180B), both
// with rotary positions and the halves side by side; Falcon-RW has ALiBi, biases and the halves one after the other. Its ALiBi biases are divided by
// sqrt(head size) together with the scores, and rounded to bfloat16, as its published code does whatever the dtype. Fields as in
// huggingface/transformers configuration_falcon.py and in the older RefinedWeb repositories (n_head, n_layer, n_head_kv); names are the checkpoint's.
// mlc-llm has no Falcon.
import { booleanField, type Fields, integerField, numberField, own } from '../checkpoint/config.ts'
import { roundToBfloat16 } from '../checkpoint/float16.ts'
import { activationField, refuseSwitch, spelling } from './fields.ts'
import { forQkv, groupedQkv, withOrWithout } from './layouts.ts'
import {
  alibiSlopes,
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
import type { Architecture, AttentionSpec, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const falcon: Architecture = {
  modelTypes: ['falcon', 'RefinedWebModel', 'RefinedWeb'],
  spec,
  weights,
  ignorable,
}

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'apply_residual_connection_post_layernorm')
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, spelling(fields, 'num_hidden_layers', 'n_layer'), limits.layers)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  return {
    modelType: 'falcon',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_position_embeddings', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('transformer.word_embeddings', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, `transformer.h.${index}`, hiddenSize, epsilon)),
    head: head(
      layerNorm('transformer.ln_f', epsilon),
      booleanField(fields, 'tie_word_embeddings', true),
      linear('lm_head'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, at: string, hiddenSize: number, epsilon: number): LayerSpec {
  const grouped = isGrouped(fields)
  const parallel = grouped || booleanField(fields, 'parallel_attn', true)
  const bias = booleanField(fields, 'bias', false)
  const twoNorms = grouped && integerField(fields, 'num_ln_in_parallel_attn', { minimum: 1, maximum: 2 }, 2) === 2
  const [mixerNorm, feedForwardNorm] = twoNorms
    ? ['ln_attn', 'ln_mlp']
    : ['input_layernorm', parallel ? 'input_layernorm' : 'post_attention_layernorm']
  return {
    arrangement: parallel ? 'parallel' : 'serial',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.${mixerNorm}`, epsilon),
    mixer: attentionOf(fields, `${at}.self_attention`, hiddenSize, bias),
    feedForwardNorm: layerNorm(`${at}.${feedForwardNorm}`, epsilon),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'ffn_hidden_size', 4 * hiddenSize),
      activation: activationField(fields, 'activation', 'gelu'),
      up: linear(`${at}.mlp.dense_h_to_4h`, bias),
      down: linear(`${at}.mlp.dense_4h_to_h`, bias),
    },
  }
}

function attentionOf(fields: Fields, at: string, hiddenSize: number, bias: boolean): AttentionSpec {
  const headsName = spelling(fields, 'num_attention_heads', 'n_head')
  const heads = integerField(fields, headsName, limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName })
  const oneKvHead = booleanField(fields, 'multi_query', true)
  const ungroupedKvHeads = oneKvHead ? 1 : heads
  return attention({
    heads,
    kvHeads: isGrouped(fields)
      ? kvHeadsField(fields, spelling(fields, 'num_kv_heads', 'n_head_kv'), heads)
      : ungroupedKvHeads,
    headSize,
    qkv: linear(`${at}.query_key_value`, bias),
    output: linear(`${at}.dense`, bias),
    ...(booleanField(fields, 'alibi', false)
      ? { alibiSlopes: alibiSlopes(heads).map(roundToBfloat16), alibiRounding: 'bfloat16' }
      : { rope: ropeField(fields, headSize) }),
  })
}

/** The "new decoder architecture" of 40B and 180B; the old repository of 40B has no field for it but a model_type of its own. */
function isGrouped(fields: Fields): boolean {
  return booleanField(fields, 'new_decoder_architecture', own(fields, 'model_type') === 'RefinedWeb')
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, withOrWithout('transformer.', forQkv(model, groupedQkv)))
}

/** Published folders hold a copy of the embedding as lm_head. */
function ignorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^(?:transformer\.)?h\.\d{1,4}\.self_attention\.(?:maybe_rotary|rotary_emb)\.inv_freq$/
  return model.head.tied ? [rotary, /^lm_head\.weight$/] : [rotary]
}
