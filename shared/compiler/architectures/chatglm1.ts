// ChatGLM-6B, the first: a GLM (Du et al. 2022, arXiv:2103.10360), whose prompt is read as a whole and ends with a mask and bos, and whose residual
// stream is the output of the norms, scaled. Fields and tensors as in THUDM/chatglm-6b configuration_chatglm.py and modeling_chatglm.py. That code rounds
// the frequencies of the rotation to float16; here they are float32, as every other model's.
import { type Fields, integerField, numberField, own } from '../checkpoint/config.ts'
import { refuseOther, refuseSwitch } from './fields.ts'
import { forQkv, groupedQkv } from './layouts.ts'
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
import type { Architecture, DecoderSpec, LayerSpec, NormSpec, PrefixSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const chatglm1: Architecture = { modelTypes: ['chatglm'], recognises, spec, weights, ignorable }

function recognises(config: Fields): boolean {
  return own(config, 'inner_hidden_size') !== undefined || own(config, 'position_encoding_2d') !== undefined
}

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'position_encoding_2d', false)
  refuseOther(fields, 'pre_seq_len', [])
  refuseOther(fields, 'quantization_bit', [0])
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, 'num_layers', limits.layers)
  const prefix = prefixOf(fields, vocabularySize)
  return {
    modelType: 'chatglm',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_sequence_length', limits.context, 2048),
    slidingWindowTokens: null,
    prefix,
    embedding: embedding('transformer.word_embeddings', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, `transformer.layers.${index}`, hiddenSize)),
    head: head(normOf(fields, 'transformer.final_layernorm'), false, linear('lm_head')),
    ...specialTokens(fields, vocabularySize),
  }
}

/** [gMASK], [MASK] and bos. Before the masks were fields, the code had them at 4 and 3 below bos, where they still are. */
function prefixOf(fields: Fields, vocabularySize: number): PrefixSpec {
  const ids = { minimum: 0, maximum: vocabularySize - 1 }
  const startTokenId = integerField(fields, 'bos_token_id', ids)
  return {
    startTokenId,
    maskTokenIds: [
      integerField(fields, 'gmask_token_id', ids, startTokenId - 3),
      integerField(fields, 'mask_token_id', ids, startTokenId - 4),
    ],
  }
}

/** Scaled by the root of 2 * 28 whatever the configuration says: its code leaves a layer's num_layers at 28, the depth of the only model published. */
const residualScale = Math.sqrt(2 * 28)

function layerOf(fields: Fields, at: string, hiddenSize: number): LayerSpec {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName: 'num_attention_heads' })
  return {
    arrangement: 'normedResidual',
    residualScale,
    mixerNorm: normOf(fields, `${at}.input_layernorm`),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.attention.query_key_value`, true),
      output: linear(`${at}.attention.dense`, true),
      rope: { theta: 10_000, size: headSize / 2, planes: 2, pairing: 'halves', scaling: { kind: 'none' } },
    }),
    feedForwardNorm: normOf(fields, `${at}.post_attention_layernorm`),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'inner_hidden_size', 4 * hiddenSize),
      activation: 'geluTanh',
      up: linear(`${at}.mlp.dense_h_to_4h`, true),
      down: linear(`${at}.mlp.dense_4h_to_h`, true),
    },
  }
}

function normOf(fields: Fields, name: string): NormSpec {
  return layerNorm(name, numberField(fields, 'layernorm_epsilon', limits.epsilon, 1e-5))
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, forQkv(model, groupedQkv))
}

function ignorable(): readonly RegExp[] {
  return [/^transformer\.layers\.\d+\.attention\.rotary_emb\.inv_freq$/]
}
