// StripedHyena: blocks of grouped-query attention and blocks of Hyena filters in modal form, each before a gated feed-forward. Fields and mathematics of
// togethercomputer/stripedhyena 7e13f61 (stripedhyena/{model,engine,layers}.py) with the attention of Dao-AILab/flash-attention; absent fields as in the
// configuration_hyena.py published beside the weights; names as published.
import { CompileError } from '../../errors.ts'
import { booleanField, configFile, type Fields, integerField, numberField, own } from '../checkpoint/config.ts'
import { activationField, refuseOther, refuseSwitch } from './fields.ts'
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
import type {
  Architecture,
  DecoderSpec,
  HyenaSpec,
  LayerSpec,
  MixerSpec,
  ModelTensor,
  NormSpec,
  RopeSpec,
  RowRange,
  WeightRule,
  WeightSource,
} from './spec.ts'
import { rulesFor } from './tensors.ts'

export const stripedHyena: Architecture = { modelTypes: ['stripedhyena'], spec, weights, ignorable }

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary)
  const layers = integerField(fields, 'num_layers', limits.layers)
  const attends = indices(fields, 'attn_layer_idxs')
  const recurs = indices(fields, 'hyena_layer_idxs')
  const norm = normOf(fields)
  const tied = booleanField(fields, 'tie_embeddings', false)
  const layer = (index: number): LayerSpec => {
    const at = `backbone.blocks.${index}`
    if (!attends.has(index) && !recurs.has(index))
      throw new CompileError(configFile, 'hyena_layer_idxs', `layer ${index} is neither here nor in attn_layer_idxs`)
    return {
      arrangement: 'serial',
      residualScale: 1,
      mixerNorm: norm(`${at}.pre_norm`),
      mixer: attends.has(index) ? attentionOf(fields, at, hiddenSize) : hyenaOf(fields, at, hiddenSize),
      feedForwardNorm: norm(`${at}.post_norm`),
      feedForward: {
        kind: 'gated',
        size: innerSize(fields, hiddenSize),
        activation: activationField(fields, 'mlp_activation', 'silu'),
        gate: 'first',
        gateUp: linear(`${at}.mlp.l1_l2`),
        down: linear(`${at}.mlp.l3`),
      },
    }
  }
  return {
    modelType: 'stripedhyena',
    hiddenSize,
    vocabularySize,
    contextTokens: integerField(fields, 'max_seqlen', limits.context, 32_768),
    slidingWindowTokens: null,
    embedding: embedding('backbone.embedding_layer', hiddenSize),
    layers: each(layers, layer),
    head: head(
      booleanField(fields, 'final_norm', true) ? norm('backbone.norm') : null,
      tied,
      linear(tied ? 'backbone.embedding_layer' : 'backbone.unembed'),
    ),
    ...specialTokens(fields, vocabularySize),
  }
}

/** The plain norm adds epsilon to the root, the fused one (flash_attn.ops.rms_norm) under it. */
function normOf(fields: Fields): (name: string) => NormSpec {
  const epsilon = numberField(fields, 'eps', limits.epsilon, 1e-5)
  const epsilonOutsideRoot = !booleanField(fields, 'use_flash_rmsnorm', true)
  return (name) => ({ ...rmsNorm(name, epsilon), epsilonOutsideRoot })
}

function headsOf(fields: Fields, hiddenSize: number): { readonly heads: number; readonly headSize: number } {
  const heads = integerField(fields, 'num_attention_heads', limits.heads)
  return { heads, headSize: headSizeOf(fields, { hiddenSize, heads, headsName: 'num_attention_heads' }) }
}

function attentionOf(fields: Fields, at: string, hiddenSize: number): MixerSpec {
  const { heads, headSize } = headsOf(fields, hiddenSize)
  refuseSwitch(fields, 'smeared_gqa')
  const groups = integerField(fields, 'proj_groups', limits.heads, 4)
  if (heads % groups !== 0)
    throw new CompileError(configFile, 'proj_groups', `${groups} does not divide ${heads} heads`)
  return attention({
    heads,
    kvHeads: heads / groups,
    headSize,
    qkv: linear(`${at}.inner_mha_cls.Wqkv`, booleanField(fields, 'qkv_proj_bias', false)),
    output: linear(`${at}.inner_mha_cls.out_proj`, booleanField(fields, 'mha_out_proj_bias', false)),
    rope: ropeOf(fields, headSize),
  })
}

function ropeOf(fields: Fields, size: number): RopeSpec {
  const theta = numberField(fields, 'rotary_emb_base', limits.theta, 500_000)
  const factor = booleanField(fields, 'use_interpolated_rotary_pos_emb', false)
    ? numberField(fields, 'rotary_emb_scaling_factor', { minimum: 1, maximum: 65_536 }, 1)
    : 1
  return { theta, size, pairing: 'halves', scaling: factor === 1 ? { kind: 'none' } : { kind: 'linear', factor } }
}

function hyenaOf(fields: Fields, at: string, hiddenSize: number): HyenaSpec {
  integerField(fields, 'hyena_filter_groups', { minimum: 1, maximum: 1 }, 1)
  // A filter cut off after so many tokens.
  refuseOther(fields, 'long_fir_threshold', [])
  const biased = booleanField(fields, 'short_filter_bias', true)
  return {
    kind: 'hyena',
    projection: linear(`${at}.projections`, true),
    storedGroups: booleanField(fields, 'column_split_hyena', true) ? headsOf(fields, hiddenSize).heads : 1,
    shortFilterWeight: `${at}.filter.short_filter_weight`,
    shortFilterBias: biased ? `${at}.filter.short_filter_bias` : null,
    shortFilterSize: integerField(fields, 'short_filter_length', { minimum: 2, maximum: 16 }, 3),
    poles: `${at}.filter.poles`,
    residues: `${at}.filter.residues`,
    skip: `${at}.filter.D`,
    stateSize: integerField(fields, 'state_size', { minimum: 1, maximum: 128 }, 2),
    output: linear(`${at}.out_filter_dense`, true),
  }
}

/** Given, or 8/3 of the width rounded up to a multiple. */
function innerSize(fields: Fields, hiddenSize: number): number {
  const multiple = integerField(fields, 'inner_size_multiple_of', { minimum: 1, maximum: 65_536 }, 64)
  const parallel = integerField(fields, 'model_parallel_size', { minimum: 1, maximum: 1024 }, 1)
  const unit = multiple * parallel
  return widthField(fields, 'inner_mlp_size', unit * Math.ceil(Math.floor((8 * hiddenSize) / 3) / unit))
}

function indices(fields: Fields, name: string): ReadonlySet<number> {
  const value = own(fields, name) ?? []
  if (!Array.isArray(value) || value.length > limits.layers.maximum || !value.every((one) => Number.isSafeInteger(one)))
    throw new CompileError(configFile, name, 'expected a list of layer numbers')
  return new Set(value as readonly number[])
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, (tensor) => sources(tensor, model).map(withAlias))
}

function sources(tensor: ModelTensor, { layers, hiddenSize }: DecoderSpec): readonly WeightSource[] {
  const { name, shape } = tensor
  const [rows = 0, columns = 0] = shape
  if (name.endsWith('norm.weight')) return [{ tensor: name.replace(/weight$/, 'scale'), shape }]
  if (name.endsWith('.l1_l2.weight'))
    return stacked(
      tensor,
      ['l1', 'l2'].map((part) => [name.replace('l1_l2', part), rows / 2]),
    )
  if (/\.filter\.(?:poles|residues)$/.test(name)) return [{ tensor: name, shape: [rows, columns, 1, 2] }]
  const mixer = layers[Number(/\.blocks\.(\d+)\./.exec(name)?.[1])]?.mixer
  if (mixer?.kind !== 'hyena' || !/\.(?:projections\.(?:weight|bias)|short_filter_(?:weight|bias))$/.test(name))
    return [{ tensor: name, shape }]
  const stored = name.endsWith('.short_filter_weight') ? [rows, 1, columns] : shape
  return [{ tensor: name, shape: stored, rows: splitRows(mixer.storedGroups, hiddenSize) }]
}

/** Rows stored group by group (its a, its b, its v) in the order all a, all b, all v. */
function splitRows(groups: number, hiddenSize: number): readonly RowRange[] {
  const size = hiddenSize / groups
  return each(3, (part) => each(groups, (group): RowRange => [(3 * group + part) * size, size])).flat()
}

/** The published code calls its tensors without the prefix that its wrapper for transformers adds. */
function withAlias(source: WeightSource): WeightSource {
  return { ...source, aliases: [source.tensor.replace(/^backbone\./, '')] }
}

/** Rotary tables and times of the filter, and the copy of a tied head. */
function ignorable(model: DecoderSpec): readonly RegExp[] {
  const buffers = /^(?:backbone\.)?blocks\.\d{1,4}\.(?:inner_mha_cls\.rotary_emb\.inv_freq|filter\.t)$/
  return model.head.tied ? [buffers, /^(?:backbone\.)?unembed\.weight$/] : [buffers]
}
