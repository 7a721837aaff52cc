// Llama: pre-norm decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU. Serves LLaMA 1 and 2 and everything that kept their
// shape (Vicuna, Alpaca, Koala, XGen, Yi, TinyLlama), and lends its parts to relatives. Fields as in huggingface/transformers
// configuration_llama.py; weight names and fused layouts are those of mlc-llm python/mlc_llm/model/llama/{llama_model,llama_loader}.py, so weights
// published in MLC format fit. Biases and linear rotary scaling, which MLC's Llama lacks, follow its naming for other architectures.
import { booleanField, choiceField, type Fields, integerField, numberField } from '../checkpoint/config.ts'
import {
  attention,
  decoderFields,
  each,
  embedding,
  head,
  headSizeOf,
  kvHeadsField,
  limits,
  linear,
  rmsNorm,
  specialTokens,
  stacked,
  widthField,
} from './parts.ts'
import { ropeField } from './rope.ts'
import type {
  Architecture,
  AttentionSpec,
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  ModelTensor,
  WeightRule,
  WeightSource,
} from './spec.ts'
import { rulesFor } from './tensors.ts'

export const llama: Architecture = {
  modelTypes: ['llama'],
  spec: (config) => llamaSpec(decoderFields(config), { modelType: 'llama' }),
  weights: llamaWeights,
  ignorable: llamaIgnorable,
}

/** What a relative of Llama does otherwise. */
export interface LlamaVariant {
  readonly modelType: string
  readonly slidingWindowTokens?: number | null
  /** The feed-forward network of the layer whose tensors are named `<at>.`; Llama's SwiGLU when absent. */
  readonly feedForward?: (at: string) => FeedForwardSpec
}

/** The spec of a configuration that has Llama's fields. Throws CompileError. */
export function llamaSpec(fields: Fields, variant: LlamaVariant): DecoderSpec {
  choiceField(fields, 'hidden_act', ['silu', 'swish'], 'silu')
  numberField(fields, 'partial_rotary_factor', { minimum: 1, maximum: 1 }, 1)
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const epsilon = numberField(fields, 'rms_norm_eps', limits.epsilon, 1e-6)
  const layers = integerField(fields, 'num_hidden_layers', limits.layers)
  return {
    modelType: variant.modelType,
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_position_embeddings', limits.context, 2048),
    slidingWindowTokens: variant.slidingWindowTokens ?? null,
    embedding: embedding('model.embed_tokens', hiddenSize),
    layers: each(layers, (index) => layerOf(fields, variant, `model.layers.${index}`, hiddenSize, epsilon)),
    head: head(rmsNorm('model.norm', epsilon), booleanField(fields, 'tie_word_embeddings', false), linear('lm_head')),
    ...specialTokens(fields, vocabularySize),
  }
}

function layerOf(fields: Fields, variant: LlamaVariant, at: string, hiddenSize: number, epsilon: number): LayerSpec {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const headSize = headSizeOf(fields, { hiddenSize, heads, field: 'head_dim', headsName: 'num_attention_heads' })
  const attentionBias = booleanField(fields, 'attention_bias', false)
  return {
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: rmsNorm(`${at}.input_layernorm`, epsilon),
    mixer: attention({
      heads,
      kvHeads: kvHeadsField(fields, 'num_key_value_heads', heads),
      headSize,
      qkv: linear(`${at}.self_attn.qkv_proj`, attentionBias),
      output: linear(`${at}.self_attn.o_proj`, attentionBias),
      rope: ropeField(fields, headSize),
    }),
    feedForwardNorm: rmsNorm(`${at}.post_attention_layernorm`, epsilon),
    feedForward: variant.feedForward?.(at) ?? swiglu(fields, at),
  }
}

function swiglu(fields: Fields, at: string): FeedForwardSpec {
  const bias = booleanField(fields, 'mlp_bias', false)
  return {
    kind: 'gated',
    size: widthField(fields, 'intermediate_size'),
    activation: 'silu',
    gate: 'first',
    gateUp: linear(`${at}.mlp.gate_up_proj`, bias),
    down: linear(`${at}.mlp.down_proj`, bias),
  }
}

export function llamaWeights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, (tensor) => llamaSources(tensor, model))
}

/** q_proj, k_proj and v_proj, and gate_proj and up_proj, are stored apart and used as one. */
export function llamaSources(tensor: ModelTensor, model: DecoderSpec): readonly WeightSource[] | null {
  const [, at = '', index = '', fused = '', ending = ''] =
    /^(model\.layers\.(\d+)\.(?:self_attn|mlp))\.(qkv|gate_up)_proj\.(weight|bias)$/.exec(tensor.name) ?? []
  const mixer = model.layers[Number(index)]?.mixer
  if (fused === 'qkv' && mixer?.kind === 'attention')
    return stacked(
      tensor,
      qkvParts(mixer).map(([part, rows]) => [`${at}.${part}_proj.${ending}`, rows]),
    )
  if (fused === 'gate_up') {
    const rows = (tensor.shape[0] ?? 0) / 2
    return stacked(tensor, [
      [`${at}.gate_proj.${ending}`, rows],
      [`${at}.up_proj.${ending}`, rows],
    ])
  }
  return null
}

function qkvParts({ heads, kvHeads, headSize }: AttentionSpec): readonly (readonly [part: string, rows: number])[] {
  return [
    ['q', heads * headSize],
    ['k', kvHeads * headSize],
    ['v', kvHeads * headSize],
  ]
}

/** Stored rotary tables, and the copy of a tied head that some tools write out. */
export function llamaIgnorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^model\.(?:layers\.\d{1,4}\.self_attn\.)?rotary_emb\.inv_freq$/
  return model.head.tied ? [rotary, /^lm_head\.weight$/] : [rotary]
}
