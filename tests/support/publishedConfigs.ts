// The checkpoints of 2023 in tests/fixtures/configs as their config.json: the same numbers under the names each repository uses.
import { readFile } from 'node:fs/promises'

/** Numbers of one checkpoint; what an architecture has not is left out. */
export interface Numbers {
  readonly hidden_size: number
  readonly num_layers: number
  readonly num_heads: number
  readonly num_kv_heads: number | readonly number[]
  readonly intermediate_size: number
  readonly vocab_size: number
  readonly context_length: number
  readonly norm_eps: number
  readonly activation: string
  readonly biases: string
  readonly [more: string]: unknown
}

export interface PublishedCheckpoint {
  readonly repository: string
  /** Which spelling below its config.json has. */
  readonly form: string
  /** null where no source tells. */
  readonly weights: number | null
  readonly config: Numbers
}

export async function publishedCheckpoints(file: string): Promise<readonly PublishedCheckpoint[]> {
  const url = new URL(`../fixtures/configs/${file}`, import.meta.url)
  return JSON.parse(await readFile(url, 'utf8')) as readonly PublishedCheckpoint[]
}

/** config.json of a checkpoint; throws for a form that has no spelling here. */
export function publishedConfig({ form, config }: PublishedCheckpoint): Readonly<Record<string, unknown>> {
  const spelling = spellings[form]
  if (spelling === undefined) throw new Error(`no spelling for ${form}`)
  return spelling(config)
}

type Spelling = (numbers: Numbers) => Readonly<Record<string, unknown>>

const spellings: Readonly<Record<string, Spelling>> = {
  llama: (numbers) => ({ model_type: 'llama', architectures: ['LlamaForCausalLM'], ...likeLlama(numbers) }),
  mistral: (numbers) => ({
    model_type: 'mistral',
    architectures: ['MistralForCausalLM'],
    ...likeLlama(numbers),
    sliding_window: numbers.sliding_window ?? null,
  }),
  mixtral: (numbers) => ({
    model_type: 'mixtral',
    architectures: ['MixtralForCausalLM'],
    ...likeLlama(numbers),
    sliding_window: null,
    num_local_experts: numbers.num_experts,
    num_experts_per_tok: numbers.experts_per_token,
  }),
  deci: ({ num_kv_heads, ...numbers }) => ({
    ...likeLlama({ ...numbers, num_kv_heads: 0 } as Numbers),
    model_type: 'deci',
    architectures: ['DeciLMForCausalLM'],
    num_key_value_heads: undefined,
    num_key_value_heads_per_layer: num_kv_heads,
  }),
  gpt_neox: (numbers) => ({
    model_type: 'gpt_neox',
    architectures: ['GPTNeoXForCausalLM'],
    hidden_act: numbers.activation,
    hidden_size: numbers.hidden_size,
    intermediate_size: numbers.intermediate_size,
    layer_norm_eps: numbers.norm_eps,
    max_position_embeddings: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    rotary_emb_base: 10_000,
    rotary_pct: numbers.rotary_pct,
    tie_word_embeddings: false,
    // Written since transformers 4.24; the configs of GPT-NeoX-20B and Dolly are older and have no such field.
    ...(numbers.parallel_residual === undefined ? {} : { use_parallel_residual: numbers.parallel_residual }),
    vocab_size: numbers.vocab_size,
  }),
  falcon: (numbers) => falcon(numbers, { alibi: false, bias: false, parallel_attn: true }),
  'falcon-alibi': (numbers) => falcon(numbers, { alibi: true, bias: true, parallel_attn: false }),
  mpt: (numbers) => ({
    model_type: 'mpt',
    architectures: ['MPTForCausalLM'],
    attn_config: {
      alibi: true,
      alibi_bias_max: numbers.alibi_bias_max,
      attn_impl: 'torch',
      attn_pdrop: 0,
      attn_type: 'multihead_attention',
      attn_uses_sequence_id: false,
      clip_qkv: numbers.clip_qkv ?? null,
      prefix_lm: false,
      qk_ln: false,
      softmax_scale: null,
    },
    d_model: numbers.hidden_size,
    emb_pdrop: 0,
    embedding_fraction: 1,
    expansion_ratio: numbers.intermediate_size / numbers.hidden_size,
    learned_pos_emb: true,
    logit_scale: null,
    max_seq_len: numbers.context_length,
    n_heads: numbers.num_heads,
    n_layers: numbers.num_layers,
    no_bias: true,
    norm_type: 'low_precision_layernorm',
    vocab_size: numbers.vocab_size,
  }),
  bloom: (numbers) => ({
    model_type: 'bloom',
    architectures: ['BloomForCausalLM'],
    apply_residual_connection_post_layernorm: false,
    bos_token_id: 1,
    eos_token_id: 2,
    layer_norm_epsilon: numbers.norm_eps,
    n_embed: numbers.hidden_size,
    n_inner: null,
    n_layer: numbers.num_layers,
    num_attention_heads: numbers.num_heads,
    offset_alibi: 100,
    pretraining_tp: 1,
    seq_length: numbers.context_length,
    vocab_size: numbers.vocab_size,
  }),
  opt,
  galactica: (numbers) => ({
    ...opt(numbers),
    enable_bias: numbers.biases === 'all',
    layer_norm_elementwise_affine: numbers.biases === 'all',
  }),
  qwen1: (numbers) => ({
    model_type: 'qwen',
    architectures: ['QWenLMHeadModel'],
    hidden_size: numbers.hidden_size,
    intermediate_size: numbers.intermediate_size,
    kv_channels: numbers.head_dim,
    layer_norm_epsilon: numbers.norm_eps,
    max_position_embeddings: 32_768,
    no_bias: true,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    rotary_emb_base: numbers.rope_theta,
    rotary_pct: 1,
    scale_attn_weights: true,
    seq_length: numbers.context_length,
    tie_word_embeddings: false,
    use_dynamic_ntk: true,
    use_logn_attn: true,
    vocab_size: numbers.vocab_size,
  }),
  chatglm2: (numbers) => ({
    model_type: 'chatglm',
    architectures: ['ChatGLMModel'],
    add_bias_linear: false,
    add_qkv_bias: true,
    apply_query_key_layer_scaling: true,
    apply_residual_connection_post_layernorm: false,
    ffn_hidden_size: numbers.intermediate_size,
    hidden_size: numbers.hidden_size,
    kv_channels: numbers.head_dim,
    layernorm_epsilon: numbers.norm_eps,
    multi_query_attention: true,
    multi_query_group_num: numbers.num_kv_heads,
    num_attention_heads: numbers.num_heads,
    num_layers: numbers.num_layers,
    original_rope: true,
    padded_vocab_size: numbers.vocab_size,
    post_layer_norm: true,
    rmsnorm: true,
    seq_length: numbers.context_length,
    eos_token_id: 2,
  }),
  chatglm1: (numbers) => ({
    model_type: 'chatglm',
    architectures: ['ChatGLMModel'],
    hidden_size: numbers.hidden_size,
    inner_hidden_size: numbers.intermediate_size,
    layernorm_epsilon: numbers.norm_eps,
    max_sequence_length: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_layers: numbers.num_layers,
    position_encoding_2d: true,
    vocab_size: numbers.vocab_size,
    bos_token_id: 130_004,
    eos_token_id: 130_005,
    gmask_token_id: 130_001,
    mask_token_id: 130_000,
  }),
  /** The original repositories, which have no model_type. */
  mamba: (numbers) => ({
    d_model: numbers.hidden_size,
    n_layer: numbers.num_layers,
    vocab_size: numbers.tokenizer_vocab,
    ssm_cfg: {},
    rms_norm: true,
    residual_in_fp32: true,
    fused_add_norm: true,
    pad_vocab_size_multiple: 8,
  }),
  stripedhyena: (numbers) => ({
    model_type: 'stripedhyena',
    architectures: ['StripedHyenaModelForCausalLM'],
    attn_layer_idxs: numbers.attention_layers,
    hyena_layer_idxs: Array.from({ length: numbers.num_layers }, (_, index) => index).filter(
      (index) => !(numbers.attention_layers as readonly number[]).includes(index),
    ),
    column_split: false,
    column_split_hyena: true,
    eps: numbers.norm_eps,
    final_norm: true,
    hidden_size: numbers.hidden_size,
    hyena_filter_groups: 1,
    inner_mlp_size: numbers.intermediate_size,
    make_vocab_size_divisible_by: 8,
    max_seqlen: numbers.context_length,
    mha_out_proj_bias: false,
    num_attention_heads: numbers.num_heads,
    num_filters: numbers.hidden_size,
    num_layers: numbers.num_layers,
    proj_groups: numbers.proj_groups,
    qkv_proj_bias: false,
    rotary_emb_base: numbers.rope_theta,
    short_filter_bias: true,
    short_filter_length: numbers.short_filter_length,
    state_size: numbers.state_size,
    tie_embeddings: false,
    use_flash_rmsnorm: true,
    vocab_size: numbers.vocab_size,
  }),
  gpt2: (numbers) => ({ model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], ...likeGpt2(numbers) }),
  gptj: (numbers) => ({
    model_type: 'gptj',
    architectures: ['GPTJForCausalLM'],
    ...likeGpt2(numbers),
    n_inner: null,
    rotary: true,
    rotary_dim: numbers.rotary_dim,
    tie_word_embeddings: false,
  }),
  phi: (numbers) => ({
    model_type: 'phi',
    architectures: ['PhiForCausalLM'],
    hidden_act: numbers.activation,
    hidden_size: numbers.hidden_size,
    intermediate_size: numbers.intermediate_size,
    layer_norm_eps: numbers.norm_eps,
    max_position_embeddings: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    num_key_value_heads: null,
    partial_rotary_factor: numbers.rotary_pct,
    qk_layernorm: false,
    rope_scaling: null,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    vocab_size: numbers.vocab_size,
  }),
  'phi-msft': (numbers) => ({
    model_type: 'phi-msft',
    architectures: ['PhiForCausalLM'],
    activation_function: numbers.activation,
    layer_norm_epsilon: numbers.norm_eps,
    n_embd: numbers.hidden_size,
    n_head: numbers.num_heads,
    n_head_kv: null,
    n_inner: null,
    n_layer: numbers.num_layers,
    n_positions: numbers.context_length,
    rotary_dim: numbers.rotary_dim,
    tie_word_embeddings: false,
    vocab_size: numbers.vocab_size,
  }),
  stablelm: (numbers) => ({
    model_type: 'stablelm',
    architectures: ['StableLmForCausalLM'],
    ...likeStableLm(numbers),
    layer_norm_eps: numbers.norm_eps,
    partial_rotary_factor: numbers.rotary_pct,
  }),
  stablelm_epoch: (numbers) => ({
    model_type: 'stablelm_epoch',
    architectures: ['StableLMEpochForCausalLM'],
    ...likeStableLm(numbers),
    norm_eps: numbers.norm_eps,
    rope_pct: numbers.rotary_pct,
  }),
}

function likeLlama(numbers: Numbers): Readonly<Record<string, unknown>> {
  return {
    bos_token_id: 1,
    eos_token_id: 2,
    hidden_act: numbers.activation,
    hidden_size: numbers.hidden_size,
    intermediate_size: numbers.intermediate_size,
    max_position_embeddings: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    num_key_value_heads: numbers.num_kv_heads,
    rms_norm_eps: numbers.norm_eps,
    rope_scaling: numbers.rope_scaling ?? null,
    rope_theta: numbers.rope_theta,
    tie_word_embeddings: false,
    vocab_size: numbers.vocab_size,
  }
}

function falcon(numbers: Numbers, switches: object): Readonly<Record<string, unknown>> {
  const grouped = numbers.num_kv_heads !== 1 && numbers.num_kv_heads !== numbers.num_heads
  return {
    model_type: 'falcon',
    architectures: ['FalconForCausalLM'],
    apply_residual_connection_post_layernorm: false,
    hidden_size: numbers.hidden_size,
    layer_norm_epsilon: numbers.norm_eps,
    multi_query: numbers.num_kv_heads !== numbers.num_heads,
    new_decoder_architecture: grouped,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    // Falcon-7B's own file says 71 here, as many as heads: the number counts only for the new decoder.
    num_kv_heads: grouped ? numbers.num_kv_heads : numbers.num_heads,
    vocab_size: numbers.vocab_size,
    ...switches,
  }
}

function opt(numbers: Numbers): Readonly<Record<string, unknown>> {
  return {
    model_type: 'opt',
    architectures: ['OPTForCausalLM'],
    _remove_final_layer_norm: false,
    activation_function: numbers.activation,
    do_layer_norm_before: numbers.norm_placement !== 'post',
    ffn_dim: numbers.intermediate_size,
    hidden_size: numbers.hidden_size,
    max_position_embeddings: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    vocab_size: numbers.vocab_size,
    word_embed_proj_dim: numbers.word_embed_proj_dim ?? numbers.hidden_size,
  }
}

function likeGpt2(numbers: Numbers): Readonly<Record<string, unknown>> {
  return {
    activation_function: numbers.activation,
    layer_norm_epsilon: numbers.norm_eps,
    n_embd: numbers.hidden_size,
    n_head: numbers.num_heads,
    n_layer: numbers.num_layers,
    n_positions: numbers.context_length,
    vocab_size: numbers.vocab_size,
  }
}

function likeStableLm(numbers: Numbers): Readonly<Record<string, unknown>> {
  return {
    hidden_act: numbers.activation,
    hidden_size: numbers.hidden_size,
    intermediate_size: numbers.intermediate_size,
    max_position_embeddings: numbers.context_length,
    num_attention_heads: numbers.num_heads,
    num_hidden_layers: numbers.num_layers,
    num_key_value_heads: numbers.num_kv_heads,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    vocab_size: numbers.vocab_size,
  }
}
