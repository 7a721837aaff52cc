// Mamba: selective state spaces without attention or feed-forward (Gu and Dao 2023, arXiv:2312.00752). Two namings are published: that of
// huggingface/transformers configuration_mamba.py (repositories ending in -hf) and the original of state-spaces/mamba mamba_ssm/models/config_mamba.py,
// which has no model_type. Tensors are called as in transformers.
import { CompileError } from '../../errors.ts'
import {
  booleanField,
  choiceField,
  configFile,
  type Fields,
  integerField,
  numberField,
  objectField,
  own,
} from '../checkpoint/config.ts'
import { refuseOther, refuseSwitch } from './fields.ts'
import {
  decoderFields,
  each,
  embedding,
  head,
  layerNorm,
  limits,
  linear,
  rmsNorm,
  specialTokens,
  widthField,
} from './parts.ts'
import type {
  Architecture,
  DecoderSpec,
  LayerSpec,
  MambaSpec,
  ModelTensor,
  NormSpec,
  WeightRule,
  WeightSource,
} from './spec.ts'
import { rulesFor } from './tensors.ts'

export const mamba: Architecture = { modelTypes: ['mamba'], recognises, spec, weights, ignorable }

const sizes = {
  state: { minimum: 1, maximum: 256 },
  convolution: { minimum: 2, maximum: 16 },
  rank: { minimum: 1, maximum: 8192 },
  expand: { minimum: 1, maximum: 64 },
} as const

function recognises(config: Fields): boolean {
  return own(config, 'model_type') === 'mamba' || (isOriginal(config) && own(config, 'n_layer') !== undefined)
}

function isOriginal(fields: Fields): boolean {
  return own(fields, 'hidden_size') === undefined && own(fields, 'd_model') !== undefined
}

function spec(config: unknown): DecoderSpec {
  const fields = decoderFields(config)
  return isOriginal(fields) ? originalSpec(fields) : transformersSpec(fields)
}

function transformersSpec(fields: Fields): DecoderSpec {
  choiceField(fields, 'hidden_act', ['silu', 'swish'], 'silu')
  const hiddenSize = widthField(fields, 'hidden_size')
  const vocabularySize = integerField(fields, 'vocab_size', limits.vocabulary, 50_280)
  const epsilon = numberField(fields, 'layer_norm_epsilon', limits.epsilon, 1e-5)
  const expanded = expandedWidth(fields, hiddenSize)
  return decoder({
    hiddenSize,
    vocabularySize,
    layers: integerField(fields, 'num_hidden_layers', limits.layers),
    norm: (name) => rmsNorm(name, epsilon),
    tied: booleanField(fields, 'tie_word_embeddings', true),
    mixer: {
      innerSize: widthField(fields, 'intermediate_size', expanded),
      stateSize: integerField(fields, 'state_size', sizes.state, 16),
      convolutionSize: integerField(fields, 'conv_kernel', sizes.convolution, 4),
      timeStepRank: rankField(fields, 'time_step_rank', hiddenSize),
      bias: booleanField(fields, 'use_bias', true),
      convolutionBias: booleanField(fields, 'use_conv_bias', true),
    },
    tokens: specialTokens(fields, vocabularySize),
  })
}

/** Mamba(d_model, **ssm_cfg); the vocabulary is padded. Its tokenizer is GPT-NeoX's, whose end of text is token 0. */
function originalSpec(fields: Fields): DecoderSpec {
  refuseOther(fields, 'd_intermediate', [0])
  const mixer = objectField(fields, 'ssm_cfg') ?? {}
  refuseOther(mixer, 'layer', ['Mamba1'])
  const attentionLayers = own(fields, 'attn_layer_idx') ?? []
  if (!Array.isArray(attentionLayers) || attentionLayers.length > 0)
    throw new CompileError(configFile, 'attn_layer_idx', 'attention between Mamba layers is not supported')
  refuseSwitch(fields, 'bidirectional')
  const hiddenSize = widthField(fields, 'd_model')
  const multiple = integerField(fields, 'pad_vocab_size_multiple', { minimum: 1, maximum: 65_536 }, 8)
  const vocabularySize = Math.ceil(integerField(fields, 'vocab_size', limits.vocabulary) / multiple) * multiple
  const epsilon = numberField(fields, 'norm_epsilon', limits.epsilon, 1e-5)
  const isRms = booleanField(fields, 'rms_norm', true)
  const { bosTokenId, eosTokenIds } = specialTokens(fields, vocabularySize)
  return decoder({
    hiddenSize,
    vocabularySize,
    layers: integerField(fields, 'n_layer', limits.layers),
    norm: (name) => (isRms ? rmsNorm(name, epsilon) : layerNorm(name, epsilon)),
    tied: booleanField(fields, 'tie_embeddings', true),
    mixer: {
      innerSize: expandedWidth(mixer, hiddenSize),
      stateSize: integerField(mixer, 'd_state', sizes.state, 16),
      convolutionSize: integerField(mixer, 'd_conv', sizes.convolution, 4),
      timeStepRank: rankField(mixer, 'dt_rank', hiddenSize),
      bias: booleanField(mixer, 'bias', false),
      convolutionBias: booleanField(mixer, 'conv_bias', true),
    },
    tokens: { bosTokenId: bosTokenId ?? 0, eosTokenIds: eosTokenIds.length === 0 ? [0] : eosTokenIds },
  })
}

interface Parts {
  readonly hiddenSize: number
  readonly vocabularySize: number
  readonly layers: number
  readonly norm: (name: string) => NormSpec
  readonly tied: boolean
  readonly mixer: Pick<MambaSpec, 'innerSize' | 'stateSize' | 'convolutionSize' | 'timeStepRank'> & {
    readonly bias: boolean
    readonly convolutionBias: boolean
  }
  readonly tokens: Pick<DecoderSpec, 'bosTokenId' | 'eosTokenIds'>
}

function decoder({ hiddenSize, vocabularySize, layers, norm, tied, mixer, tokens }: Parts): DecoderSpec {
  const { bias, convolutionBias, ...shape } = mixer
  const layer = (at: string): LayerSpec => ({
    arrangement: 'serial',
    residualScale: 1,
    mixerNorm: norm(`${at}.norm`),
    mixer: {
      kind: 'mamba',
      ...shape,
      inProjection: linear(`${at}.mixer.in_proj`, bias),
      convolution: linear(`${at}.mixer.conv1d`, convolutionBias),
      xProjection: linear(`${at}.mixer.x_proj`),
      timeStepProjection: linear(`${at}.mixer.dt_proj`, true),
      logA: `${at}.mixer.A_log`,
      skip: `${at}.mixer.D`,
      output: linear(`${at}.mixer.out_proj`, bias),
    },
    feedForwardNorm: null,
    feedForward: null,
  })
  return {
    modelType: 'mamba',
    hiddenSize,
    vocabularySize,
    // What the published models were trained with; no configuration says it, and the state knows no limit.
    contextTokens: 2048,
    slidingWindowTokens: null,
    embedding: embedding('backbone.embeddings', hiddenSize),
    layers: each(layers, (index) => layer(`backbone.layers.${index}`)),
    head: head(norm('backbone.norm_f'), tied, linear(tied ? 'backbone.embeddings' : 'lm_head')),
    ...tokens,
  }
}

function expandedWidth(fields: Fields, hiddenSize: number): number {
  const width = Math.floor(numberField(fields, 'expand', sizes.expand, 2) * hiddenSize)
  if (width % 4 !== 0 || width > limits.width.maximum)
    throw new CompileError(configFile, 'expand', `makes a width of ${width}, expected a multiple of 4`)
  return width
}

/** A number, or "auto" for a sixteenth of the width. */
function rankField(fields: Fields, name: string, hiddenSize: number): number {
  const automatic = (own(fields, name) ?? 'auto') === 'auto'
  return integerField(automatic ? {} : fields, name, sizes.rank, Math.ceil(hiddenSize / 16))
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, sources)
}

/** The convolution's weight is stored [channels, 1, size]; the original calls the embedding by another name. */
function sources({ name, shape }: ModelTensor): readonly WeightSource[] | null {
  const [channels = 0, size = 0] = shape
  if (name.endsWith('.conv1d.weight')) return [{ tensor: name, shape: [channels, 1, size] }]
  return name === 'backbone.embeddings.weight'
    ? [{ tensor: name, aliases: ['backbone.embedding.weight'], shape }]
    : null
}

function ignorable(model: DecoderSpec): readonly RegExp[] {
  return model.head.tied ? [/^lm_head\.weight$/] : []
}
