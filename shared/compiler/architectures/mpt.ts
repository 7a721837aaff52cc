// MPT: ALiBi (its strongest slope set by alibi_bias_max) or learned positions, norms with a weight only, no biases, queries, keys and values clamped
// where clip_qkv says so, tied head. Fields as in mosaicml/llm-foundry configuration_mpt.py, whose names huggingface/transformers
// configuration_mpt.py keeps; learned_pos_emb says nothing where there is ALiBi. Names are the checkpoint's; mlc-llm has no MPT.
import { CompileError } from '../../errors.ts'
import {
  booleanField,
  configFile,
  type Fields,
  integerField,
  numberField,
  objectField,
  own,
} from '../checkpoint/config.ts'
import { refuseOther, refuseSwitch } from './fields.ts'
import { withOrWithout } from './layouts.ts'
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
import type { Architecture, AttentionSpec, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const mpt: Architecture = { modelTypes: ['mpt'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  const attentionFields = objectField(fields, 'attn_config') ?? {}
  refuseUnsupported(fields, attentionFields)
  const hiddenSize = widthField(fields, 'd_model')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const contextTokens = integerField(fields, 'max_seq_len', limits.context, 2048)
  const heads = integerField(fields, 'n_heads', limits.heads)
  const bias = !booleanField(fields, 'no_bias', true)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  const norm = (name: string) => layerNorm(name, epsilon, { bias })
  const alibi = booleanField(attentionFields, 'alibi', true)
  const common = {
    heads,
    kvHeads: heads,
    headSize: headSizeOf(fields, { hiddenSize, heads, headsName: 'n_heads' }),
    ...attentionSettings(attentionFields, heads, alibi),
  }
  const layer = (at: string): LayerSpec => ({
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: norm(`${at}.norm_1`),
    mixer: attention({
      ...common,
      qkv: linear(`${at}.attn.Wqkv`, bias),
      output: linear(`${at}.attn.out_proj`, bias),
    }),
    feedForwardNorm: norm(`${at}.norm_2`),
    feedForward: {
      kind: 'plain',
      size: innerSize(fields, hiddenSize),
      activation: 'gelu',
      up: linear(`${at}.ffn.up_proj`, bias),
      down: linear(`${at}.ffn.down_proj`, bias),
    },
  })
  return {
    modelType: 'mpt',
    hiddenSize,
    vocabularySize,
    contextTokens,
    slidingWindowTokens: null,
    embedding: embedding('transformer.wte', hiddenSize, {
      positions: alibi ? null : { name: 'transformer.wpe', rows: contextTokens, offset: 0 },
    }),
    layers: each(integerField(fields, 'n_layers', limits.layers), (index) => layer(`transformer.blocks.${index}`)),
    head: head(norm('transformer.norm_f'), booleanField(fields, 'tie_word_embeddings', true), linear('lm_head'), {
      scale: logitScale(fields, hiddenSize),
    }),
    ...specialTokens(fields, vocabularySize),
  }
}

function refuseUnsupported(fields: Fields, attentionFields: Fields): void {
  refuseOther(fields, 'norm_type', ['low_precision_layernorm', 'layernorm'])
  refuseOther(objectField(fields, 'ffn_config') ?? {}, 'ffn_type', ['mptmlp'])
  refuseOther(attentionFields, 'attn_type', ['multihead_attention'])
  for (const name of ['qk_ln', 'qk_gn', 'prefix_lm', 'rope']) refuseSwitch(attentionFields, name)
  if (!booleanField(attentionFields, 'alibi', true)) refuseSwitch(fields, 'learned_pos_emb', false)
}

function attentionSettings(fields: Fields, heads: number, alibi: boolean): Partial<AttentionSpec> {
  const positive = { minimum: 1e-6, maximum: 1e6 }
  const maximum = numberField(fields, 'alibi_bias_max', { minimum: 1, maximum: 64 }, 8)
  const isSet = (name: string) => own(fields, name) != null
  return {
    ...(alibi ? { alibiSlopes: alibiSlopes(heads, { maximum }) } : {}),
    ...(isSet('clip_qkv') ? { clip: numberField(fields, 'clip_qkv', positive) } : {}),
    ...(isSet('softmax_scale') ? { scale: numberField(fields, 'softmax_scale', positive) } : {}),
  }
}

function innerSize(fields: Fields, hiddenSize: number): number {
  const ratio = numberField(fields, 'expansion_ratio', { minimum: 0.25, maximum: 64 }, 4)
  const size = Math.floor(ratio * hiddenSize)
  if (size % 4 !== 0) throw new CompileError(configFile, 'expansion_ratio', `${size} is not a multiple of 4`)
  return size
}

function logitScale(fields: Fields, hiddenSize: number): number {
  if (own(fields, 'logit_scale') === 'inv_sqrt_d_model') return 1 / Math.sqrt(hiddenSize)
  return numberField(fields, 'logit_scale', { minimum: 1e-6, maximum: 1e6 }, 1)
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(
    model,
    withOrWithout('transformer.', () => null),
  )
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  return model.head.tied ? [/^lm_head\.weight$/] : []
}
