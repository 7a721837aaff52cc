// Rank files of tiktoken -> tokenizer.json. A rank file says nothing about how text is cut and which tokens follow: that stands in the Python of
// each model, so each known file name brings it along.
import { byteLevelTokenizer, type Cutting, spellBytes } from './byteLevel.ts'
import { addedToken, type TokenizerJson } from './json.ts'
import { mergesOfRanks, parseRanks } from './ranks.ts'

export interface RankFile {
  readonly name: string
  readonly cutting: Cutting
  readonly normalizer: 'NFC' | null
  /** Tokens numbered from the end of the ranks: found as they are written, or merged like the ranks. */
  readonly following: readonly { readonly kind: 'special' | 'merged'; readonly text: string }[]
}

/** Throws CompileError on a malformed file. Special tokens without a row of the embedding are left out. */
export function fromRanks(
  { name, cutting, normalizer, following }: RankFile,
  bytes: Uint8Array,
  rows: number,
): TokenizerJson {
  const ranks = parseRanks(bytes, name)
  const first = [...ranks.values()].reduce((a, b) => Math.max(a, b)) + 1
  const numbered = following.map((token, index) => ({ ...token, id: first + index }))
  for (const { kind, text, id } of numbered) {
    if (kind === 'merged' && id < rows) ranks.set(spellBytes(new TextEncoder().encode(text)), id)
  }
  const { merges, hasWholeTokens } = mergesOfRanks(ranks)
  const addedTokens = numbered
    .filter(({ kind, id }) => kind === 'special' && id < rows)
    .map(({ text, id }) => addedToken(id, text))
  const vocab = new Map([...ranks, ...addedTokens.map(({ content, id }) => [content, id] as const)])
  return byteLevelTokenizer({ vocab, merges, addedTokens, cutting, normalizer, ignoreMerges: hasWholeTokens })
}
