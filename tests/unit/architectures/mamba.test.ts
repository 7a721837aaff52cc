import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import type { DecoderSpec } from '../../../shared/compiler/architectures/spec.ts'
import { countWeights } from '../../../shared/compiler/weights.ts'

const published = new URL('../../fixtures/reference/cases/mamba/config.json', import.meta.url)
const hf = JSON.parse(await readFile(published, 'utf8')) as Record<string, unknown>
/** config.json of state-spaces/mamba-130m. */
const original = {
  d_model: 768,
  n_layer: 24,
  vocab_size: 50_277,
  ssm_cfg: {},
  rms_norm: true,
  residual_in_fp32: true,
  fused_add_norm: true,
  pad_vocab_size_multiple: 8,
}

function specOf(config: object): DecoderSpec {
  return requireArchitecture(config).spec(config)
}

function mixerOf(config: object) {
  const mixer = specOf(config).layers[0]?.mixer
  if (mixer?.kind !== 'mamba') throw new Error(`a mixer of kind ${mixer?.kind}`)
  return mixer
}

describe('the original naming', () => {
  test('resolves with the shapes that the code derives and the vocabulary padded', () => {
    expect(specOf(original)).toMatchObject({ modelType: 'mamba', hiddenSize: 768, vocabularySize: 50_280 })
    expect(specOf(original)).toMatchObject({ head: { tied: true }, bosTokenId: 0, eosTokenIds: [0] })
    expect(mixerOf(original)).toMatchObject({ innerSize: 1536, stateSize: 16, convolutionSize: 4, timeStepRank: 48 })
    const changed = {
      ...original,
      ssm_cfg: { d_state: 8, d_conv: 3, expand: 3, dt_rank: 5, bias: true, conv_bias: false },
    }
    expect(mixerOf(changed)).toMatchObject({ innerSize: 2304, stateSize: 8, convolutionSize: 3, timeStepRank: 5 })
    expect(mixerOf(changed)).toMatchObject({ output: { bias: true }, convolution: { bias: false } })
  })

  test.each([
    ['130m', 768, 24, 129_135_360],
    ['370m', 1024, 48, 371_516_416],
    ['790m', 1536, 48, 793_204_224],
    ['1.4b', 2048, 48, 1_372_178_432],
    ['2.8b', 2560, 64, 2_768_345_600],
  ])('mamba-%s has its published number of weights', (_, d_model, n_layer, weights) => {
    const config = { ...original, d_model, n_layer }
    const architecture = requireArchitecture(config)
    expect(countWeights(architecture.weights(architecture.spec(config)))).toBe(weights)
  })

  test('its embedding and head go by their names', () => {
    const architecture = requireArchitecture(original)
    const spec = architecture.spec(original)
    const [embedding] = architecture.weights(spec)
    expect(embedding?.sources[0]?.aliases).toEqual(['backbone.embedding.weight'])
    expect(architecture.ignorable(spec).some((name) => name.test('lm_head.weight'))).toBe(true)
  })

  test.each([
    ['ssm_cfg', { ssm_cfg: { layer: 'Mamba2' } }, 'layer'],
    ['attention', { attn_layer_idx: [3] }, 'attn_layer_idx'],
    ['feed-forward', { d_intermediate: 1024 }, 'd_intermediate'],
    ['width', { d_model: 770 }, 'd_model'],
    ['both directions', { bidirectional: true }, 'bidirectional'],
  ])('what is another model is refused: %s', (_, change, field) => {
    expect(() => specOf({ ...original, ...change })).toThrow(field)
  })
})

describe('the naming of transformers', () => {
  test('equals the original one where both say the same', () => {
    const same = { model_type: 'mamba', hidden_size: 768, num_hidden_layers: 24, vocab_size: 50_280, use_bias: false }
    const tokens = { bos_token_id: 0, eos_token_id: 0 }
    // Published -hf files carry the original's fields as well.
    expect(specOf({ ...same, ...tokens, d_model: 768, n_layer: 24 })).toEqual(specOf(original))
  })

  test('every field counts', () => {
    expect(mixerOf(hf)).toMatchObject({ innerSize: 128, stateSize: 16, convolutionSize: 4, timeStepRank: 4 })
    const changed = {
      ...hf,
      expand: 4,
      intermediate_size: undefined,
      state_size: 5,
      conv_kernel: 7,
      time_step_rank: 'auto',
    }
    expect(mixerOf(changed)).toMatchObject({ innerSize: 256, stateSize: 5, convolutionSize: 7, timeStepRank: 4 })
    expect(mixerOf({ ...hf, use_bias: true, use_conv_bias: false })).toMatchObject({
      inProjection: { bias: true },
      output: { bias: true },
      convolution: { bias: false },
    })
    expect(specOf({ ...hf, layer_norm_epsilon: 1e-3 }).head.norm?.epsilon).toBe(1e-3)
    expect(specOf({ ...hf, tie_word_embeddings: false }).head).toMatchObject({
      tied: false,
      linear: { name: 'lm_head' },
    })
  })

  test.each([
    [{ hidden_act: 'gelu' }, 'hidden_act'],
    [{ state_size: 0 }, 'state_size'],
    [{ conv_kernel: 1 }, 'conv_kernel'],
    [{ time_step_rank: 'two' }, 'time_step_rank'],
    [{ intermediate_size: undefined, expand: -1 }, 'expand'],
    [{ num_hidden_layers: undefined }, 'num_hidden_layers'],
  ])('%j is refused by name', (change, field) => {
    expect(() => specOf({ ...hf, ...change })).toThrow(field)
  })
})
