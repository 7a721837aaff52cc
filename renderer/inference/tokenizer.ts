// web-llm's own tokenizer of the loaded model. The package offers no way to count tokens or to see how a text begins, so this file (and no other)
// reads two members of the engine that its types call private. The shape is checked: an update that changes it fails at load, with a name.
import type { MLCEngine } from '@mlc-ai/web-llm'

export interface Tokenizer {
  encode(text: string): Int32Array
  decode(ids: Int32Array): string
  idToToken(id: number): string
}

interface Pipeline {
  readonly tokenizer: Tokenizer
  readonly outputIds: readonly number[]
}

/** The tokenizer of a loaded model and the ids of its latest reply so far. */
export function tokenizerOf(
  engine: MLCEngine,
  modelId: string,
): { readonly tokenizer: Tokenizer; outputIds(): readonly number[] } {
  const pipelines = (engine as unknown as { readonly loadedModelIdToPipeline?: Map<string, unknown> })
    .loadedModelIdToPipeline
  const pipeline = pipelines instanceof Map ? pipelines.get(modelId) : undefined
  if (!isPipeline(pipeline)) throw new Error('this web-llm keeps its tokenizer elsewhere than 0.2.86 does')
  return { tokenizer: pipeline.tokenizer, outputIds: () => pipeline.outputIds }
}

function isPipeline(value: unknown): value is Pipeline {
  if (typeof value !== 'object' || value === null) return false
  const { tokenizer, outputIds } = value as Partial<Pipeline>
  return (
    Array.isArray(outputIds) &&
    typeof tokenizer?.encode === 'function' &&
    typeof tokenizer.decode === 'function' &&
    typeof tokenizer.idToToken === 'function'
  )
}

/**
 * Spellings that must not come from a person: the special tokens among the `added_tokens` of a tokenizer.json, and the other added tokens that the
 * model's prompt is made of (some publishers mark `<|im_start|>` as ordinary).
 */
export function specialTokens(tokenizerJson: unknown, wrapping: readonly string[]): readonly string[] {
  const added = (tokenizerJson as { readonly added_tokens?: unknown } | null)?.added_tokens
  if (!Array.isArray(added)) return []
  return added.flatMap(({ content, special }: { readonly content?: unknown; readonly special?: unknown }) => {
    if (typeof content !== 'string') return []
    const wraps = content.trim() !== '' && wrapping.some((text) => text.includes(content))
    return special === true || wraps ? [content] : []
  })
}

/**
 * Whether a first token begins with a space that decoding it alone has lost: tokenizers of the SentencePiece kind drop one space at the start of a
 * text, and a continuation does not start one. Decoded behind another token, the space shows.
 */
export function beginsWithSpace(tokenizer: Tokenizer, firstId: number): boolean {
  const anchor = Array.from(tokenizer.encode('a'))
  const alone = tokenizer.decode(Int32Array.from(anchor))
  return tokenizer
    .decode(Int32Array.from([...anchor, firstId]))
    .slice(alone.length)
    .startsWith(' ')
}
