// tiktoken itself, OpenAI's Rust compiled to WebAssembly, with the ranks that its npm package carries: the outside truth for byte-level BPE.
import { createRequire } from 'node:module'
import { Tiktoken } from 'tiktoken'

export interface Encoding {
  /** Base64 of a token's bytes -> rank. */
  readonly ranks: ReadonlyMap<string, number>
  readonly expression: string
  readonly specialTokens: Readonly<Record<string, number>>
}

const require = createRequire(import.meta.url)

/** The package packs ranks as `! first token token ...`. */
export function encoding(name: 'gpt2' | 'cl100k_base'): Encoding {
  const packed = require(`tiktoken/encoders/${name}.json`) as {
    bpe_ranks: string
    pat_str: string
    special_tokens: Record<string, number>
  }
  const ranks = new Map<string, number>()
  for (const line of packed.bpe_ranks.split('\n')) {
    const [, first, ...tokens] = line.split(' ')
    for (const [index, token] of tokens.entries()) ranks.set(token, Number(first) + index)
  }
  return { ranks, expression: packed.pat_str, specialTokens: packed.special_tokens }
}

/** A rank file as tiktoken reads and Qwen publishes it. */
export function rankFileOf(ranks: ReadonlyMap<string, number>): string {
  return [...ranks].map(([token, rank]) => `${token} ${rank}\n`).join('')
}

/** Ids that tiktoken gives a text, special tokens included. */
export function tiktokenOf({ ranks, expression, specialTokens }: Encoding) {
  const byRank = [...ranks].sort((a, b) => a[1] - b[1])
  const packed = byRank.map(([token, rank]) => `! ${rank} ${token}`).join('\n')
  const tiktoken = new Tiktoken(packed, specialTokens, expression)
  return {
    encode: (text: string) => [...tiktoken.encode(text, 'all')],
    free: () => tiktoken.free(),
  }
}
