// Tiny models in MLC's published form: mlc-chat-config.json in mlc-llm's words, ndarray-cache.json, a shard, a tokenizer. Words and types of the fields are
// those of mlc-llm 79d603f, python/mlc_llm/model/<architecture>/<architecture>_model.py (the config classes) and interface/gen_config.py.
import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'
import type { WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { publishedModel } from '../../shared/compiler/ready/publishedConfig.ts'
import type { Tensors } from '../reference/linear.ts'
import { randomSource } from './random.ts'
import { readRuntime } from './runtime.ts'
import { syntheticModel } from './syntheticModel.ts'

const common = { prefill_chunk_size: 96, tensor_parallel_shards: 1, max_batch_size: 80, head_dim: 32 }
const llama = {
  hidden_size: 64,
  intermediate_size: 96,
  num_attention_heads: 2,
  num_hidden_layers: 2,
  rms_norm_eps: 1e-5,
  vocab_size: 91,
  position_embedding_base: 10_000,
  context_window_size: 96,
  num_key_value_heads: 1,
  ...common,
}

/** model_type and model_config of each architecture that MLC and Hearth both have. */
export const publishedConfigs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  llama: {
    ...llama,
    tie_word_embeddings: true,
    rope_scaling: null,
    pipeline_parallel_stages: 1,
    disaggregation: false,
  },
  mistral: { ...llama, position_embedding_base: 1_000_000, sliding_window_size: -1, attention_sink_size: 4 },
  mixtral: { ...llama, tie_word_embeddings: false, rope_scaling: null, num_local_experts: 4, num_experts_per_tok: 2 },
  gpt_neox: {
    use_parallel_residual: false,
    hidden_size: 64,
    intermediate_size: 160,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    layer_norm_eps: 1e-5,
    vocab_size: 91,
    rotary_pct: 1,
    position_embedding_base: 10_000,
    context_window_size: 96,
    ffn_out_dtype: 'float32',
    ...common,
  },
  gptj: {
    vocab_size: 91,
    n_embd: 64,
    n_layer: 2,
    n_head: 2,
    layer_norm_epsilon: 1e-5,
    rotary_dim: 16,
    activation_function: 'gelu_new',
    n_inner: -1,
    rope_scaling: null,
    context_window_size: 96,
    ...common,
  },
  phi: {
    vocab_size: 91,
    hidden_size: 64,
    intermediate_size: 160,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    layer_norm_eps: 1e-5,
    position_embedding_base: 10_000,
    partial_rotary_factor: 0.5,
    num_key_value_heads: 2,
    context_window_size: 96,
    ...common,
  },
  'phi-msft': {
    model_type: 'phi-msft',
    vocab_size: 91,
    n_positions: 96,
    n_embd: 64,
    n_layer: 2,
    n_inner: 256,
    n_head: 2,
    rotary_dim: 16,
    position_embedding_base: 10_000,
    layer_norm_epsilon: 1e-5,
    context_window_size: 96,
    n_head_kv: 2,
    ...common,
  },
  qwen: {
    vocab_size: 91,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    layer_norm_epsilon: 1e-6,
    scale_attn_weights: true,
    kv_channels: 32,
    rotary_emb_base: 10_000,
    intermediate_size: 192,
    context_window_size: 96,
    ...common,
  },
  stablelm: {
    vocab_size: 91,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 2,
    layer_norm_eps: 1e-5,
    partial_rotary_factor: 0.25,
    rope_theta: 10_000,
    intermediate_size: 160,
    use_qkv_bias: true,
    context_window_size: 96,
    ...common,
  },
  chatglm: {
    hidden_size: 64,
    num_layers: 2,
    kv_channels: 32,
    num_attention_heads: 2,
    ffn_hidden_size: 96,
    layernorm_epsilon: 1e-5,
    post_layer_norm: true,
    rmsnorm: true,
    add_bias_linear: false,
    add_qkv_bias: true,
    apply_query_key_layer_scaling: true,
    multi_query_attention: true,
    multi_query_group_num: 1,
    vocab_size: 91,
    context_window_size: 96,
    ...common,
  },
}

/** mlc-chat-config.json. */
export function publishedChatConfig(
  modelType: string,
  quantization: string,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const config = publishedConfigs[modelType] ?? {}
  return {
    version: '0.1.0',
    model_type: modelType,
    quantization,
    model_config: config,
    vocab_size: config.vocab_size,
    context_window_size: config.context_window_size,
    sliding_window_size: config.sliding_window_size ?? -1,
    prefill_chunk_size: config.prefill_chunk_size,
    attention_sink_size: config.attention_sink_size ?? -1,
    tensor_parallel_shards: 1,
    temperature: 0.7,
    top_p: 0.9,
    tokenizer_files: ['tokenizer.json'],
    conv_template: {
      name: 'LM',
      system_template: '{system_message}',
      system_message: '',
      roles: { user: '', assistant: '' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
      seps: [''],
      stop_str: [],
      stop_token_ids: [2],
    },
    bos_token_id: 1,
    eos_token_id: 2,
    ...changes,
  }
}

export interface TinyPublishedModel {
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly spec: DecoderSpec
  /** The same weights for the plain forward, under the spec's names. */
  readonly tensors: Tensors
}

/** Random weights, as mlc-llm would have published them. */
export async function tinyPublishedModel(
  modelType: string,
  format: WeightFormat,
  seed: number,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<TinyPublishedModel> {
  const config = publishedChatConfig(modelType, format)
  const published = { ...config, model_config: { ...(config.model_config as object), ...changes } }
  const { spec } = publishedModel(published)
  const runtime = await readRuntime()
  const model = syntheticModel({ spec, format, chunkTokens: 16, next: randomSource(seed), runtime, style: 'mlc' })
  const file = (name: string) => model.files.get(name) ?? new Uint8Array()
  const weights: Weights = {
    cache: JSON.parse(new TextDecoder().decode(file('tensor-cache.json'))) as TensorCache,
    shard: file('params_shard_0.bin'),
    tensors: model.tensors,
  }
  const { cache, shard, tensors } = modelType === 'gpt_neox' ? withWideBiases(weights) : weights
  return {
    spec,
    tensors,
    files: {
      'mlc-chat-config.json': encode(published),
      'ndarray-cache.json': encode(cache),
      'params_shard_0.bin': shard,
      'tokenizer.json': file('tokenizer.json'),
    },
  }
}

export interface TensorRecord {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly format: string
  readonly nbytes: number
  readonly byteOffset: number
}

export interface TensorCache {
  readonly metadata: object
  readonly records: readonly [
    {
      readonly dataPath: string
      readonly format: string
      readonly nbytes: number
      readonly records: readonly TensorRecord[]
    },
  ]
}

interface Weights {
  readonly cache: TensorCache
  readonly shard: Uint8Array
  readonly tensors: Tensors
}

/** mlc-llm's GPT-NeoX has the biases of its feed-forward in float32 in every format (ffn_out_dtype), which are kept as bfloat16. */
function withWideBiases({ cache, shard, tensors }: Weights): Weights {
  const [only] = cache.records
  const isWide = (name: string) => /\.mlp\.dense_\w+\.bias$/.test(name)
  const narrowed = new Map<string, Float32Array>()
  const parts = [shard]
  let end = shard.byteLength
  const records = only.records.map((record): TensorRecord => {
    if (!isWide(record.name)) return record
    const words = Uint16Array.from(
      new Uint32Array(Float32Array.from(tensors(record.name)).buffer),
      (word) => word >>> 16,
    )
    narrowed.set(record.name, new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer))
    parts.push(new Uint8Array(words.buffer))
    const byteOffset = end
    end += words.byteLength
    return { ...record, dtype: 'float32', format: 'f32-to-bf16', nbytes: words.byteLength, byteOffset }
  })
  const joined = new Uint8Array(end)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.byteLength
  }
  return {
    cache: { ...cache, records: [{ ...only, nbytes: end, records }] },
    shard: joined,
    tensors: (name) => narrowed.get(name) ?? tensors(name),
  }
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
