// Qwen (the first, of 2023): RMSNorm, rotary positions, biases on queries, keys and values, and a feed-forward whose second half is the gate;
// intermediate_size counts both halves. Its dynamic NTK scaling and log-n attention change nothing up to seq_length, which is therefore the context.
// Fields as in Qwen/Qwen-7B configuration_qwen.py; names and the fused gate_up_proj [w1; w2] of mlc-llm python/mlc_llm/model/qwen.
import { CompileError } from '../../errors.ts'
import { booleanField, configFile, integerField, numberField } from '../checkpoint/config.ts'
import { refuseSwitch, rotarySizeField } from './fields.ts'
import { withOrWithout } from './layouts.ts'
import {
  attention,
  decoderFields,
  each,
  embedding,
  head,
  headSizeOf,
  limits,
  linear,
  rmsNorm,
  specialTokens,
  stacked,
  widthField,
} from './parts.ts'
import { ropeField } from './rope.ts'
import type { Architecture, DecoderSpec, LayerSpec, ModelTensor, WeightRule, WeightSource } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const qwen: Architecture = { modelTypes: ['qwen'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'scale_attn_weights', false)
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, field: 'kv_channels', headsName: 'num_attention_heads' })
  const bothHalves = widthField(fields, 'intermediate_size')
  if (bothHalves % 8 !== 0)
    throw new CompileError(configFile, 'intermediate_size', `${bothHalves} is not twice a multiple of 4`)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-6)
  const bias = !booleanField(fields, 'no_bias', true)
  const layer = (at: string): LayerSpec => ({
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: rmsNorm(`${at}.ln_1`, epsilon),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.attn.c_attn`, true),
      output: linear(`${at}.attn.c_proj`, bias),
      rope: ropeField(fields, rotarySizeField(fields, 'rotary_pct', headSize, 1), 'halves', 'rotary_emb_base'),
    }),
    feedForwardNorm: rmsNorm(`${at}.ln_2`, epsilon),
    feedForward: {
      kind: 'gated',
      size: bothHalves / 2,
      activation: 'silu',
      gate: 'second',
      gateUp: linear(`${at}.mlp.gate_up_proj`, bias),
      down: linear(`${at}.mlp.c_proj`, bias),
    },
  })
  return {
    modelType: 'qwen',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'seq_length', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('transformer.wte', hiddenSize),
    layers: each(integerField(fields, 'num_hidden_layers', limits.layers), (index) => layer(`transformer.h.${index}`)),
    head: head(
      rmsNorm('transformer.ln_f', epsilon),
      booleanField(fields, 'tie_word_embeddings', false),
      linear('lm_head'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, withOrWithout('transformer.', w1AndW2))
}

function w1AndW2(tensor: ModelTensor): readonly WeightSource[] | null {
  if (!tensor.name.includes('.mlp.gate_up_proj.')) return null
  const rows = (tensor.shape[0] ?? 0) / 2
  return stacked(tensor, [
    [tensor.name.replace('gate_up_proj', 'w1'), rows],
    [tensor.name.replace('gate_up_proj', 'w2'), rows],
  ])
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^(?:transformer\.)?(?:h\.\d{1,4}\.attn\.)?rotary_emb\.inv_freq$/
  return model.head.tied ? [rotary, /^lm_head\.weight$/] : [rotary]
}
