// GPT-J: one LayerNorm for both halves of a layer side by side, partial rotary positions on neighbouring elements, biases in the feed-forward and
// the head only. Fields as in huggingface/transformers configuration_gptj.py; names of mlc-llm python/mlc_llm/model/gpt_j.
import { integerField, numberField } from '../checkpoint/config.ts'
import { activationField, refuseSwitch, rotaryCountField } from './fields.ts'
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
import { ropeField } from './rope.ts'
import type { Architecture, DecoderSpec, LayerSpec, WeightRule } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const gptj: Architecture = { modelTypes: ['gptj'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  refuseSwitch(fields, 'tie_word_embeddings')
  const hiddenSize = widthField(fields, 'n_embd')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const heads = integerField(fields, 'n_head', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, headsName: 'n_head' })
  const rope = ropeField(fields, rotaryCountField(fields, 'rotary_dim', headSize, 64), 'neighbours')
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  const layer = (at: string): LayerSpec => ({
    arrangement: 'parallel',
    residualScale: 1,
    mixerNorm: layerNorm(`${at}.ln_1`, epsilon),
    mixer: attention({
      heads,
      kvHeads: heads,
      headSize,
      qkv: linear(`${at}.attn.c_attn`),
      output: linear(`${at}.attn.out_proj`),
      rope,
    }),
    feedForwardNorm: layerNorm(`${at}.ln_1`, epsilon),
    feedForward: {
      kind: 'plain',
      size: widthField(fields, 'n_inner', 4 * hiddenSize),
      activation: activationField(fields, 'activation_function', 'gelu_new'),
      up: linear(`${at}.mlp.fc_in`, true),
      down: linear(`${at}.mlp.fc_out`, true),
    },
  })
  return {
    modelType: 'gptj',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'n_positions', limits.context, 2048),
    slidingWindowTokens: null,
    embedding: embedding('transformer.wte', hiddenSize),
    layers: each(integerField(fields, 'n_layer', limits.layers), (index) => layer(`transformer.h.${index}`)),
    head: head(layerNorm('transformer.ln_f', epsilon), false, linear('lm_head', true)),
    ...specialTokens(fields, vocabularySize),
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  const qkv = forQkv(model, (tensor, mixer) => separateQkv(tensor, mixer, 'c_attn'))
  return rulesFor(model, withOrWithout('transformer.', qkv))
}

/** The causal mask and the value it masks with, which old files hold per layer. */
function ignorable(): readonly RegExp[] {
  return [/^(?:transformer\.)?h\.\d{1,4}\.attn\.(?:bias|masked_bias)$/]
}
