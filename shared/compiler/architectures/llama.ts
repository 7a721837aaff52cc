// Llama: pre-norm decoder with RMSNorm, rotary positions, grouped-query attention and SwiGLU. Serves LLaMA 1 and 2 and everything that kept their
// shape (Vicuna, Alpaca, Koala, XGen, Yi, TinyLlama). Fields as in huggingface/transformers configuration_llama.py; weight names and fused layouts are
// those of mlc-llm python/mlc_llm/model/llama/{llama_model,llama_loader}.py, so weights published in MLC format fit. Biases and linear rotary
// scaling, which MLC's Llama lacks, follow its naming for other architectures.
import { CompileError } from '../../errors.ts'
import {
  booleanField,
  choiceField,
  configFields,
  configFile,
  type Fields,
  integerField,
  numberField,
  objectField,
  own,
  tokenIdsField,
} from '../checkpoint/config.ts'
import type { Architecture, DecoderSpec, WeightRule } from './spec.ts'

export const llama: Architecture = { modelTypes: ['llama'], spec, weights, ignorable }

/** Bounds that no real model reaches and that keep every size of a plan a safe integer. */
const limits = {
  layers: { minimum: 1, maximum: 1024 },
  width: { minimum: 4, maximum: 131_072 },
  heads: { minimum: 1, maximum: 1024 },
  headSize: { minimum: 4, maximum: 256 },
  vocabulary: { minimum: 1, maximum: 4_194_304 },
  context: { minimum: 1, maximum: 16_777_216 },
} as const

/** Every width is read as vec4 by the kernels. */
const widthMultiple = 4

function spec(config: unknown): DecoderSpec {
  const fields = configFields(config)
  if (own(fields, 'quantization_config') != null)
    throw new CompileError(
      configFile,
      'quantization_config',
      'the weights are already quantized, expected F32, F16 or BF16',
    )
  choiceField(fields, 'hidden_act', ['silu', 'swish'], 'silu')
  numberField(fields, 'partial_rotary_factor', { minimum: 1, maximum: 1 }, 1)
  const hiddenSize = widthField(fields, 'hidden_size')
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  const kvHeads = integerField(fields, 'num_key_value_heads', limits.heads, heads)
  if (heads % kvHeads !== 0)
    throw new CompileError(configFile, 'num_key_value_heads', `${kvHeads} does not divide num_attention_heads ${heads}`)
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const attentionBias = booleanField(fields, 'attention_bias', false)
  return {
    modelType: 'llama',
    hiddenSize,
    intermediateSize: widthField(fields, 'intermediate_size'),
    layers: integerField(fields, 'num_hidden_layers', limits.layers),
    heads,
    kvHeads,
    headSize: headSizeOf(fields, hiddenSize, heads),
    vocabularySize,
    contextTokens: integerField(fields, 'max_position_embeddings', limits.context, 2048),
    slidingWindowTokens: null,
    norm: { kind: 'rms', epsilon: numberField(fields, 'rms_norm_eps', { minimum: 1e-12, maximum: 0.1 }, 1e-6) },
    position: positionOf(fields),
    activation: 'silu',
    tiedHead: booleanField(fields, 'tie_word_embeddings', false),
    biases: { qkv: attentionBias, attentionOutput: attentionBias, mlp: booleanField(fields, 'mlp_bias', false) },
    bosTokenId: tokenIdsField(fields, 'bos_token_id', vocabularySize)[0] ?? null,
    eosTokenIds: tokenIdsField(fields, 'eos_token_id', vocabularySize),
  }
}

function widthField(fields: Fields, name: string): number {
  const width = integerField(fields, name, limits.width)
  if (width % widthMultiple !== 0)
    throw new CompileError(configFile, name, `${width} is not a multiple of ${widthMultiple}`)
  return width
}

function headSizeOf(fields: Fields, hiddenSize: number, heads: number): number {
  const given = own(fields, 'head_dim') != null
  if (!given && hiddenSize % heads !== 0)
    throw new CompileError(configFile, 'num_attention_heads', `${heads} does not divide hidden_size ${hiddenSize}`)
  const headSize = integerField(fields, 'head_dim', limits.headSize, hiddenSize / heads)
  if (headSize % widthMultiple !== 0)
    throw new CompileError(
      configFile,
      given ? 'head_dim' : 'num_attention_heads',
      `heads of ${headSize}, not a multiple of ${widthMultiple}`,
    )
  return headSize
}

/** Old configurations have rope_theta and rope_scaling; transformers 5 keeps both in rope_parameters. */
function positionOf(fields: Fields): DecoderSpec['position'] {
  const merged = objectField(fields, 'rope_parameters')
  const thetaRange = { minimum: 1, maximum: 1e12 }
  const theta = numberField(
    merged ?? {},
    'rope_theta',
    thetaRange,
    numberField(fields, 'rope_theta', thetaRange, 10_000),
  )
  const scaling = merged ?? objectField(fields, 'rope_scaling')
  const none = { kind: 'rope', theta, scaling: { kind: 'none' } } as const
  if (scaling === null) return none
  const kind = own(scaling, 'rope_type') ?? own(scaling, 'type') ?? (merged === null ? undefined : 'default')
  if (kind === 'default') return none
  const where = merged === null ? 'rope_scaling' : 'rope_parameters'
  if (kind !== 'linear')
    throw new CompileError(configFile, `${where}.type`, `${JSON.stringify(kind) ?? 'missing'}, expected "linear"`)
  const factor = own(scaling, 'factor')
  if (typeof factor !== 'number' || !(factor >= 1) || !(factor <= 65_536))
    throw new CompileError(
      configFile,
      `${where}.factor`,
      `${JSON.stringify(factor) ?? 'missing'}, expected a number from 1 to 65536`,
    )
  return { kind: 'rope', theta, scaling: { kind: 'linear', factor } }
}

/** MLC's order: embedding, layers (attention, feed-forward, norms), final norm, head. */
function weights(model: DecoderSpec): readonly WeightRule[] {
  const layers = Array.from({ length: model.layers }, (_, layer) => layerWeights(model, `model.layers.${layer}`))
  const { vocabularySize, hiddenSize } = model
  return [
    matrix('model.embed_tokens', hiddenSize, [['model.embed_tokens', vocabularySize]]),
    ...layers.flat(),
    vector('model.norm.weight', [['model.norm.weight', hiddenSize]]),
    ...(model.tiedHead ? [] : [matrix('lm_head', hiddenSize, [['lm_head', vocabularySize]])]),
  ]
}

function layerWeights(model: DecoderSpec, layer: string): readonly WeightRule[] {
  const { hiddenSize, intermediateSize, biases } = model
  const attention = `${layer}.self_attn`
  const mlp = `${layer}.mlp`
  const queryRows = model.heads * model.headSize
  const keyRows = model.kvHeads * model.headSize
  const linear = (name: string, columns: number, parts: readonly Part[], bias: boolean) => [
    matrix(name, columns, parts),
    ...(bias
      ? [
          vector(
            `${name}.bias`,
            parts.map(([part, rows]) => [`${part}.bias`, rows]),
          ),
        ]
      : []),
  ]
  const qkv: readonly Part[] = [
    [`${attention}.q_proj`, queryRows],
    [`${attention}.k_proj`, keyRows],
    [`${attention}.v_proj`, keyRows],
  ]
  const gateUp: readonly Part[] = [
    [`${mlp}.gate_proj`, intermediateSize],
    [`${mlp}.up_proj`, intermediateSize],
  ]
  const norm = (name: string) => vector(`${layer}.${name}.weight`, [[`${layer}.${name}.weight`, hiddenSize]])
  return [
    ...linear(`${attention}.qkv_proj`, hiddenSize, qkv, biases.qkv),
    ...linear(`${attention}.o_proj`, queryRows, [[`${attention}.o_proj`, hiddenSize]], biases.attentionOutput),
    ...linear(`${mlp}.gate_up_proj`, hiddenSize, gateUp, biases.mlp),
    ...linear(`${mlp}.down_proj`, intermediateSize, [[`${mlp}.down_proj`, hiddenSize]], biases.mlp),
    norm('input_layernorm'),
    norm('post_attention_layernorm'),
  ]
}

/** A checkpoint tensor and its rows. */
type Part = readonly [tensor: string, rows: number]

function matrix(name: string, columns: number, parts: readonly Part[]): WeightRule {
  const rows = parts.reduce((sum, [, partRows]) => sum + partRows, 0)
  const sources = parts.map(([part, partRows]) => ({ tensor: `${part}.weight`, shape: [partRows, columns] }))
  return { name: `${name}.weight`, kind: 'matrix', shape: [rows, columns], sources }
}

function vector(name: string, parts: readonly Part[]): WeightRule {
  const length = parts.reduce((sum, [, rows]) => sum + rows, 0)
  return { name, kind: 'vector', shape: [length], sources: parts.map(([tensor, rows]) => ({ tensor, shape: [rows] })) }
}

/** Stored rotary tables, and the copy of a tied head that some tools write out. */
function ignorable(model: DecoderSpec): readonly RegExp[] {
  const rotary = /^model\.(?:layers\.\d{1,4}\.self_attn\.)?rotary_emb\.inv_freq$/
  return model.tiedHead ? [rotary, /^lm_head\.weight$/] : [rotary]
}
