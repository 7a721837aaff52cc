// Mixtral (Jiang et al. 2024, arXiv:2401.04088): Mistral whose feed-forward network is a few of many gated experts, chosen per token. Defaults as in
// huggingface/transformers configuration_mixtral.py; names and layouts are those of mlc-llm python/mlc_llm/model/mixtral/{mixtral_model,
// mixtral_loader}.py: e1_e3 holds every expert's gate and up (w1, w3), e2 its down (w2).
import { CompileError } from '../../errors.ts'
import { configFile, type Fields, integerField } from '../checkpoint/config.ts'
import { llamaIgnorable, llamaSources, llamaSpec } from './llama.ts'
import { slidingWindowField } from './mistral.ts'
import { decoderFields, each, limits, stacked, widthField } from './parts.ts'
import type { Architecture, DecoderSpec, FeedForwardSpec, ModelTensor, WeightRule, WeightSource } from './spec.ts'
import { rulesFor } from './tensors.ts'

export const mixtral: Architecture = { modelTypes: ['mixtral'], spec, weights, ignorable: llamaIgnorable }

const defaults: Fields = {
  max_position_embeddings: 131_072,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-5,
  rope_theta: 1e6,
}

function spec(config: unknown): DecoderSpec {
  const fields = { ...defaults, ...decoderFields(config) }
  return llamaSpec(fields, {
    modelType: 'mixtral',
    slidingWindowTokens: slidingWindowField(fields),
    feedForward: (at) => experts(fields, `${at}.moe`),
  })
}

function experts(fields: Fields, at: string): FeedForwardSpec {
  const count = integerField(fields, 'num_local_experts', limits.experts, 8)
  const chosen = integerField(fields, 'num_experts_per_tok', limits.experts, 2)
  if (chosen > count) throw new CompileError(configFile, 'num_experts_per_tok', `${chosen} of ${count} experts`)
  return {
    kind: 'experts',
    size: widthField(fields, 'intermediate_size'),
    activation: 'silu',
    count,
    chosen,
    router: `${at}.gate`,
    gateUp: `${at}.e1_e3`,
    down: `${at}.e2`,
  }
}

function weights(model: DecoderSpec): readonly WeightRule[] {
  return rulesFor(model, (tensor) => expertSources(tensor) ?? llamaSources(tensor, model))
}

function expertSources(tensor: ModelTensor): readonly WeightSource[] | null {
  const [, layer = '', part = ''] = /^(model\.layers\.\d+)\.moe\.(gate|e1_e3|e2)\.weight$/.exec(tensor.name) ?? []
  const at = `${layer}.block_sparse_moe`
  const [count = 0, rows = 0, columns = 0] = tensor.shape
  const matrices = (names: readonly string[]) =>
    each(count, (expert) =>
      stacked(
        { ...tensor, shape: [rows, columns] },
        names.map((name) => [`${at}.experts.${expert}.${name}.weight`, rows / names.length]),
      ),
    ).flat()
  switch (part) {
    case 'gate':
      return stacked(tensor, [[`${at}.gate.weight`, count]])
    case 'e1_e3':
      return matrices(['w1', 'w3'])
    case 'e2':
      return matrices(['w2'])
    default:
      return null
  }
}
