import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { stripedHyena } from '../../../shared/compiler/architectures/stripedhyena.ts'
import { countWeights } from '../../../shared/compiler/weights.ts'

const tiny = JSON.parse(
  await readFile(new URL('../../fixtures/reference/cases/stripedhyena/config.json', import.meta.url), 'utf8'),
) as Record<string, unknown>
const alternating = (first: number, end: number) =>
  Array.from({ length: (end - first) / 2 }, (_, index) => first + 2 * index)
/** configs/7b-sh-32k-v1.yml of togethercomputer/stripedhyena 7e13f61, as config.json spells it. */
const sevenB = {
  model_type: 'stripedhyena',
  vocab_size: 32_000,
  hidden_size: 4096,
  num_filters: 4096,
  attn_layer_idxs: alternating(1, 33),
  hyena_layer_idxs: alternating(0, 34),
  num_layers: 32,
  short_filter_length: 3,
  num_attention_heads: 32,
  short_filter_bias: true,
  eps: 0.00001,
  state_size: 2,
  rotary_emb_base: 500_000,
  proj_groups: 4,
  hyena_filter_groups: 1,
  column_split_hyena: true,
  tie_embeddings: false,
  inner_mlp_size: 14_336,
  mha_out_proj_bias: false,
  qkv_proj_bias: false,
  max_seqlen: 32_768,
  final_norm: true,
  use_flash_rmsnorm: true,
}

function layerOf(config: object, index: number) {
  const layer = stripedHyena.spec(config).layers[index]
  if (layer === undefined) throw new Error(`no layer ${index}`)
  return layer
}

test('the 7B models: attention in odd layers with 8 KV heads, filters in even ones', () => {
  const spec = stripedHyena.spec(sevenB)
  expect(spec.layers.map(({ mixer }) => mixer.kind)).toEqual(
    Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? 'hyena' : 'attention')),
  )
  expect(layerOf(sevenB, 1).mixer).toMatchObject({ heads: 32, kvHeads: 8, headSize: 128, rope: { theta: 500_000 } })
  expect(layerOf(sevenB, 0).mixer).toMatchObject({ stateSize: 2, shortFilterSize: 3, storedGroups: 32 })
  // Counted by hand: 16 attention blocks of 4096 * (6144 + 4096), 16 filter blocks of 4096 * 4 * 4096 + 65536 + 7 * 4096, feed-forwards, norms, tables.
  const attentionBlock = 4096 * (6144 + 4096)
  const filterBlock = 4 * 4096 * 4096 + 4 * 4096 + 4 * 3 * 4096 + 2 * 4 * 4096 + 4096
  const rest = 3 * 4096 * 14_336 + 2 * 4096
  expect(countWeights(stripedHyena.weights(spec))).toBe(
    16 * (attentionBlock + filterBlock) + 32 * rest + 2 * 32_000 * 4096 + 4096,
  )
})

test('epsilon is outside the root with the plain norm only', () => {
  expect(layerOf(tiny, 0).mixerNorm.epsilonOutsideRoot).toBe(true)
  expect(layerOf({ ...tiny, use_flash_rmsnorm: true }, 0).mixerNorm.epsilonOutsideRoot).toBe(false)
})

test('rows of projections and short filters come head by head, or part by part without the split', () => {
  const rowsOf = (config: object, name: string) =>
    stripedHyena.weights(stripedHyena.spec(config)).find((rule) => rule.name === `backbone.blocks.0.${name}`)
      ?.sources[0]
  const interleaved = [0, 48, 96, 144, 16, 64, 112, 160, 32, 80, 128, 176].map((start) => [start, 16])
  for (const name of [
    'projections.weight',
    'projections.bias',
    'filter.short_filter_weight',
    'filter.short_filter_bias',
  ])
    expect(rowsOf(tiny, name)?.rows, name).toEqual(interleaved)
  expect(rowsOf({ ...tiny, column_split_hyena: false }, 'projections.weight')?.rows).toEqual(
    [0, 64, 128].map((start) => [start, 64]),
  )
  expect(rowsOf(tiny, 'filter.short_filter_weight')?.aliases).toEqual(['blocks.0.filter.short_filter_weight'])
})

test('interpolated rotary positions, derived inner sizes and tied heads', () => {
  const scaled = { ...tiny, use_interpolated_rotary_pos_emb: true, rotary_emb_scaling_factor: 4 }
  expect(layerOf(scaled, 1).mixer).toMatchObject({ rope: { scaling: { kind: 'linear', factor: 4 } } })
  // 8/3 of 64 is 170, rounded up to 192.
  expect(layerOf({ ...tiny, inner_mlp_size: undefined }, 0).feedForward?.size).toBe(192)
  const tied = stripedHyena.spec({ ...tiny, tie_embeddings: true })
  expect(tied.head).toMatchObject({ tied: true, linear: { name: 'backbone.embedding_layer' } })
})

test.each([
  [{ hyena_filter_groups: 256 }, 'hyena_filter_groups'],
  [{ hyena_layer_idxs: [0] }, 'hyena_layer_idxs'],
  [{ attn_layer_idxs: 'all' }, 'attn_layer_idxs'],
  [{ proj_groups: 3 }, 'proj_groups'],
  [{ smeared_gqa: true }, 'smeared_gqa'],
  [{ long_fir_threshold: 128 }, 'long_fir_threshold'],
  [{ mlp_activation: 'tanh' }, 'mlp_activation'],
  [{ state_size: 0 }, 'state_size'],
])('%j is refused by name', (change, field) => {
  expect(() => stripedHyena.spec({ ...tiny, ...change })).toThrow(field)
})
