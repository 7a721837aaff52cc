// OPT: learned positions whose table starts two rows in, tied head; the 350M model has its norms after each half, a narrower embedding with a
// projection in and out, and no final norm. Galactica is OPT with exact GELU and, in one size, without biases and with norms without weights. Fields
// as in huggingface/transformers configuration_opt.py; names are the checkpoint's with queries, keys and values fused. mlc-llm has no OPT.
import { booleanField, type Fields, integerField } from '../checkpoint/config.ts'
import { activationField } from './fields.ts'
import { forQkv, separateQkv, withOrWithout } from './layouts.ts'
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
import type { Architecture, DecoderSpec, LayerSpec, NormSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const opt: Architecture = { modelTypes: ['opt'], spec, weights, ignorable }

/** Rows of the position table before that of position 0. */
const positionOffset = 2
/** PyTorch's default; no field tells it. */
const epsilon = 1e-5

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  const hiddenSize = widthField(fields, 'hidden_size')
  const embeddingSize = widthField(fields, 'word_embed_proj_dim', hiddenSize)
  const projected = embeddingSize !== hiddenSize
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const contextTokens = integerField(fields, 'max_position_embeddings', limits.context, 2048)
  const layers = integerField(fields, 'num_hidden_layers', limits.layers)
  const normed = hasNormBefore(fields) && !booleanField(fields, '_remove_final_layer_norm', false)
  return {
    modelType: 'opt',
    hiddenSize,
    vocabularySize,
    contextTokens,
    slidingWindowTokens: null,
    embedding: embedding('model.decoder.embed_tokens', embeddingSize, {
      projection: projected ? linear('model.decoder.project_in') : null,
      positions: {
        name: 'model.decoder.embed_positions',
        rows: contextTokens + positionOffset,
        offset: positionOffset,
      },
    }),
    layers: each(layers, (index) => layerOf(fields, `model.decoder.layers.${index}`, hiddenSize)),
    head: head(
      normed ? normOf(fields, 'model.decoder.final_layer_norm') : null,
      booleanField(fields, 'tie_word_embeddings', true),
      linear('lm_head'),
      { projection: projected ? linear('model.decoder.project_out') : null },
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, at: string, hiddenSize: number): LayerSpec {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const bias = booleanField(fields, 'enable_bias', true)
  return {
    arrangement: hasNormBefore(fields) ? 'serial' : 'postNorm',
    residualScale: 1,
    mixerNorm: normOf(fields, `${at}.self_attn_layer_norm`),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize: headSizeOf(fields, { hiddenSize, heads, headsName: 'num_attention_heads' }),
      qkv: linear(`${at}.self_attn.qkv_proj`, bias),
      output: linear(`${at}.self_attn.out_proj`, bias),
    }),
    feedForwardNorm: normOf(fields, `${at}.final_layer_norm`),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'ffn_dim'),
      activation: activationField(fields, 'activation_function', 'relu'),
      up: linear(`${at}.fc1`, bias),
      down: linear(`${at}.fc2`, bias),
    },
  }
}

function hasNormBefore(fields: Fields): boolean {
  return booleanField(fields, 'do_layer_norm_before', true)
}

function normOf(fields: Fields, name: string): NormSpec {
  const affine = booleanField(fields, 'layer_norm_elementwise_affine', true)
  return layerNorm(name, epsilon, { weight: affine, bias: affine })
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  const qkv = forQkv(model, (tensor, mixer) => separateQkv(tensor, mixer, 'qkv_proj'))
  return rulesFor(model, withOrWithout('model.', qkv))
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  return model.head.tied ? [/^lm_head\.weight$/] : []
}
