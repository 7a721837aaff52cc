// GPT-2: learned positions, LayerNorm, GELU by tanh, biases everywhere; matrices are stored [inputs, outputs] (Conv1D). Fields as in
// huggingface/transformers configuration_gpt2.py; names of mlc-llm python/mlc_llm/model/gpt2, with two differences: MLC stores the embedding a
// second time as lm_head and quantizes the position table, while here the head is tied and positions stay float, as in the reference logits.
import { booleanField, type Fields, integerField, numberField } from '../checkpoint/config.ts'
import { activationField, refuseSwitch } from './fields.ts'
import { turnedOver, withOrWithout } from './layouts.ts'
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
import type { Architecture, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const gpt2: Architecture = { modelTypes: ['gpt2'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'add_cross_attention')
  const hiddenSize = widthField(fields, 'n_embd')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  const contextTokens = integerField(fields, 'n_positions', limits.context, 1024)
  const layers = integerField(fields, 'n_layer', limits.layers)
  return {
    modelType: 'gpt2',
    hiddenSize,
    vocabularySize,
    contextTokens,
    slidingWindowTokens: null,
    embedding: embedding('transformer.wte', hiddenSize, {
      positions: { name: 'transformer.wpe', rows: contextTokens, offset: 0 },
    }),
    layers: each(layers, (index) => layerOf(fields, index, hiddenSize, epsilon)),
    head: head(
      layerNorm('transformer.ln_f', epsilon),
      booleanField(fields, 'tie_word_embeddings', true),
      linear('lm_head'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, index: number, hiddenSize: number, epsilon: number): LayerSpec {
  const at = `transformer.h.${index}`
  const heads = integerField(fields, 'n_head', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName: 'n_head' })
  const scaled = booleanField(fields, 'scale_attn_weights', true) ? 1 / Math.sqrt(headSize) : 1
  return {
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.ln_1`, epsilon),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.attn.c_attn`, true),
      output: linear(`${at}.attn.c_proj`, true),
      scale: booleanField(fields, 'scale_attn_by_inverse_layer_idx', false) ? scaled / (index + 1) : scaled,
    }),
    feedForwardNorm: layerNorm(`${at}.ln_2`, epsilon),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'n_inner', 4 * hiddenSize),
      activation: activationField(fields, 'activation_function', 'gelu_new'),
      up: linear(`${at}.mlp.c_fc`, true),
      down: linear(`${at}.mlp.c_proj`, true),
    },
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(
    model,
    withOrWithout('transformer.', (tensor) =>
      /\.(?:c_attn|c_proj|c_fc)\.weight$/.test(tensor.name) ? turnedOver(tensor) : null,
    ),
  )
}

/** The causal mask and the value it masks with, which old files hold per layer. */
function ignorable(model: DecoderSpec): readonly RegExp[] {
  const masks = /^(?:transformer\.)?h\.\d{1,4}\.attn\.(?:bias|masked_bias)$/
  return model.head.tied ? [masks, /^lm_head\.weight$/] : [masks]
}
