// How long a conversation a model is compiled for, and how many tokens of a prompt it reads at once.
import type { DecoderSpec } from './architectures/spec.ts'

export interface ContextChoice {
  readonly contextTokens: number
  /** At most, in one pass over a prompt. */
  readonly chunkTokens: number
}

/** What the compiler takes where nothing else is asked for. */
const usualContextTokens = 4096
const usualChunkTokens = 512
/** Of a model with a prefix, whose chunk is as long: activations of 2048 tokens of ChatGLM-6B take 371 MB, of 512 a quarter. */
const prefixContextTokens = 2048

/** Never more than the model was trained to read. A model that reads its prompt as a whole has a chunk as long as its context. */
export function chooseContext(
  spec: Pick<DecoderSpec, 'contextTokens'> & { readonly prefix?: unknown },
  wanted: { readonly contextTokens?: number | undefined; readonly chunkTokens?: number | undefined } = {},
): ContextChoice {
  const readsWhole = spec.prefix !== undefined
  const wantedTokens = wanted.contextTokens ?? (readsWhole ? prefixContextTokens : usualContextTokens)
  const contextTokens = Math.min(wantedTokens, spec.contextTokens)
  const usualChunk = readsWhole ? contextTokens : usualChunkTokens
  return { contextTokens, chunkTokens: Math.min(wanted.chunkTokens ?? usualChunk, contextTokens) }
}
