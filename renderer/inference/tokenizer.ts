// What is asked of web-llm's own tokenizer of the loaded model (pipeline.ts).

export interface Tokenizer {
  encode(text: string): Int32Array
  decode(ids: Int32Array): string
  idToToken(id: number): string
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
