// Mistral (Jiang et al. 2023, arXiv:2310.06825): Llama with grouped queries and a sliding window that counts the current token. Serves Zephyr,
// OpenHermes, OpenChat 3.5 and Starling. Defaults as in huggingface/transformers configuration_mistral.py; weight names are Llama's.
import { type Fields, integerField, own } from '../checkpoint/config.ts'
import { llamaIgnorable, llamaSpec, llamaWeights } from './llama.ts'
import { decoderFields, limits } from './parts.ts'
import type { Architecture, DecoderSpec } from './spec.ts'

export const mistral: Architecture = {
  modelTypes: ['mistral'],
  spec,
  weights: llamaWeights,
  ignorable: llamaIgnorable,
}

const defaults: Fields = {
  max_position_embeddings: 131_072,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-6,
  sliding_window: 4096,
}

function spec(config: unknown): DecoderSpec {
  const fields = { ...defaults, ...decoderFields(config) }
  return llamaSpec(fields, { modelType: 'mistral', slidingWindowTokens: slidingWindowField(fields) })
}

/** sliding_window: tokens, the current one counted; null or absent = full attention. */
export function slidingWindowField(fields: Fields): number | null {
  return own(fields, 'sliding_window') == null ? null : integerField(fields, 'sliding_window', limits.context)
}
