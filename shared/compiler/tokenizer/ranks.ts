// A tiktoken rank file: one line per token, its bytes in base64 and its rank, which is its id. tiktoken merges the neighbours whose union has the
// lowest rank; a tokenizer.json wants pairs instead, so they are recovered: merging a token's own bytes with only the lower ranks ends in the
// two halves it was made of (openai/tiktoken, educational.py).
import { CompileError } from '../../errors.ts'
import { quoted } from '../checkpoint/json.ts'
import { spellBytes } from './byteLevel.ts'

/** Token, its bytes written in the 256 characters of byte-level BPE -> rank. */
export type Ranks = ReadonlyMap<string, number>

const maximumTokenBytes = 1024

/** Throws CompileError on lines that are no token with a rank, on repetitions, and without all 256 bytes. */
export function parseRanks(bytes: Uint8Array, file: string): Map<string, number> {
  const ranks = new Map<string, number>()
  const taken = new Set<number>()
  const lines = new TextDecoder('latin1').decode(bytes).split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const at = `line ${index + 1}`
    const [, base64, digits] = /^([A-Za-z0-9+/]+={0,2}) (\d{1,7})$/.exec(line) ?? []
    const token = base64 === undefined ? null : decodeBase64(base64)
    if (token === null || token.length === 0)
      throw new CompileError(file, at, `${quoted(line)}, expected bytes in base64 and a rank`)
    if (token.length > maximumTokenBytes)
      throw new CompileError(file, at, `a token of ${token.length} bytes, expected at most ${maximumTokenBytes}`)
    const rank = Number(digits)
    const text = spellBytes(token)
    if (ranks.has(text)) throw new CompileError(file, at, 'this token stands twice')
    if (taken.has(rank)) throw new CompileError(file, at, `the rank ${rank} stands twice`)
    taken.add(rank)
    ranks.set(text, rank)
  }
  for (let byte = 0; byte < 256; byte++) {
    if (!ranks.has(spellBytes(Uint8Array.of(byte))))
      throw new CompileError(file, '', `has no token for the byte ${byte}`)
  }
  return ranks
}

export interface RecoveredMerges {
  /** `left right`, best first. */
  readonly merges: readonly string[]
  /** Some token is not made of two others of lower rank: tiktoken still finds it as a whole, which a list of merges alone does not. */
  readonly hasWholeTokens: boolean
}

/** Merges that cut like the ranks. */
export function mergesOfRanks(ranks: Ranks): RecoveredMerges {
  const tokens = [...ranks].filter(([token]) => token.length > 1).sort((a, b) => a[1] - b[1])
  const merges: string[] = []
  for (const [token, rank] of tokens) {
    const parts = mergeBelow(token, rank, ranks)
    if (parts.length !== 2) return { merges: allMerges(tokens, ranks), hasWholeTokens: true }
    merges.push(`${parts[0]} ${parts[1]}`)
  }
  return { merges, hasWholeTokens: false }
}

/** Every way to cut each token in two. Needed where ranks were not learned by merging: then any pair with that union merges. */
function allMerges(tokens: readonly (readonly [string, number])[], ranks: Ranks): readonly string[] {
  return tokens.flatMap(([token]) => {
    const pairs: { readonly pair: string; readonly left: number; readonly right: number }[] = []
    for (let cut = 1; cut < token.length; cut++) {
      const [first, second] = [token.slice(0, cut), token.slice(cut)]
      const [left, right] = [ranks.get(first), ranks.get(second)]
      if (left !== undefined && right !== undefined) pairs.push({ pair: `${first} ${second}`, left, right })
    }
    return pairs.sort((a, b) => a.left - b.left || a.right - b.right).map(({ pair }) => pair)
  })
}

/** The parts that are left of `token` when only unions below `limit` are merged, lowest rank first, leftmost on a tie. */
function mergeBelow(token: string, limit: number, ranks: Ranks): readonly string[] {
  const parts = [...token]
  for (;;) {
    let best = limit
    let bestAt = -1
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = ranks.get(`${parts[at]}${parts[at + 1]}`)
      if (rank !== undefined && rank < best) [best, bestAt] = [rank, at]
    }
    if (bestAt < 0) return parts
    parts.splice(bestAt, 2, `${parts[bestAt]}${parts[bestAt + 1]}`)
  }
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}
