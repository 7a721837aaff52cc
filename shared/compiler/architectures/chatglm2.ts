// ChatGLM2 and ChatGLM3: RMSNorm, KV heads in groups, rotary positions on neighbouring elements of the first half of each head, SwiGLU with one fused
// matrix. Fields as in THUDM/chatglm2-6b configuration_chatglm.py; names of mlc-llm python/mlc_llm/model/chatglm3. ChatGLM-6B (the first) shares the
// model_type and nothing else. rope_ratio raises the base of ChatGLM3's rotation, but divides the positions of ChatGLM2's (modeling_chatglm.py of
// chatglm3-6b-32k and of chatglm2-6b-32k).
import { booleanField, type Fields, integerField, numberField, own } from '../checkpoint/config.ts'
import { refuseOther, refuseSwitch } from './fields.ts'
import { asIs } from './layouts.ts'
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
  rmsNorm,
  specialTokens,
  widthField,
} from './parts.ts'
import type { Architecture, DecoderSpec, LayerSpec, NormSpec, RopeSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const chatglm2: Architecture = { modelTypes: ['chatglm'], recognises, spec, weights, ignorable }

function recognises(config: Fields): boolean {
  return own(config, 'padded_vocab_size') !== undefined || own(config, 'multi_query_group_num') !== undefined
}

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'apply_residual_connection_post_layernorm')
  refuseSwitch(fields, 'multi_query_attention', false)
  refuseSwitch(fields, 'original_rope', false)
  refuseOther(fields, 'pre_seq_len', [])
  refuseOther(fields, 'quantization_bit', [0])
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'padded_vocab_size', limits.vocabulary)
  const layers = integerField(fields, 'num_layers', limits.layers)
  return {
    modelType: 'chatglm',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'seq_length', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('transformer.embedding', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, `transformer.encoder.layers.${index}`, hiddenSize)),
    head: head(
      booleanField(fields, 'post_layer_norm', true) ? normOf(fields, 'transformer.encoder.final_layernorm') : null,
      booleanField(fields, 'tie_word_embeddings', false),
      linear('transformer.output_layer'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, at: string, hiddenSize: number): LayerSpec {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, field: 'kv_channels', headsName: 'num_attention_heads' })
  const bias = booleanField(fields, 'add_bias_linear', false)
  return {
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: normOf(fields, `${at}.input_layernorm`),
    mixer: attention({
      heads,
      kvHeads: kvHeadsField(fields, 'multi_query_group_num', heads),
      headSize,
      qkv: linear(`${at}.self_attention.query_key_value`, bias || booleanField(fields, 'add_qkv_bias', false)),
      output: linear(`${at}.self_attention.dense`, bias),
      rope: ropeOf(fields, headSize),
    }),
    feedForwardNorm: normOf(fields, `${at}.post_attention_layernorm`),
    feedForward: {
      kind: 'gated',
      size: widthField(fields, 'ffn_hidden_size'),
      activation: 'silu',
      gate: 'first',
      gateUp: linear(`${at}.mlp.dense_h_to_4h`, bias),
      down: linear(`${at}.mlp.dense_4h_to_h`, bias),
    },
  }
}

function ropeOf(fields: Fields, headSize: number): RopeSpec {
  const ratio = numberField(fields, 'rope_ratio', { minimum: 1, maximum: 65_536 }, 1)
  const dividesPositions = ratio > 1 && /chatglm2/i.test(String(own(fields, '_name_or_path') ?? ''))
  return {
    theta: dividesPositions ? 10_000 : 10_000 * ratio,
    size: headSize / 2,
    pairing: 'neighbours',
    scaling: dividesPositions ? { kind: 'linear', factor: ratio } : { kind: 'none' },
  }
}

function normOf(fields: Fields, name: string): NormSpec {
  const epsilon = numberField(fields, 'layernorm_epsilon', limits.epsilon, 1e-5)
  return booleanField(fields, 'rmsnorm', true) ? rmsNorm(name, epsilon) : layerNorm(name, epsilon)
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, (tensor) =>
    tensor.name === 'transformer.embedding.weight'
      ? [asIs(tensor, 'transformer.embedding.word_embeddings.weight')]
      : null,
  )
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^transformer\.rotary_pos_emb\.inv_freq$/
  return model.head.tied ? [rotary, /^transformer\.output_layer\.weight$/] : [rotary]
}
