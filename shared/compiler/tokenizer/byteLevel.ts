// Byte-level BPE: text is cut by a regular expression, its UTF-8 bytes are written as 256 printable characters (GPT-2's table), neighbours are
// merged. Every text has tokens and every token sequence has bytes.
import type { AddedToken, Step, TokenizerJson } from './json.ts'
import { inSequence, vocabObject } from './json.ts'

/** How text is cut before merging. */
export type Cutting =
  | { readonly kind: 'gpt2'; readonly addPrefixSpace: boolean }
  | { readonly kind: 'regex'; readonly regex: string }

export interface ByteLevel {
  /** Token, written in the 256 characters -> id. */
  readonly vocab: ReadonlyMap<string, number>
  /** `left right`, best first. */
  readonly merges: readonly string[]
  readonly addedTokens: readonly AddedToken[]
  readonly cutting: Cutting
  readonly normalizer: 'NFC' | null
  readonly ignoreMerges: boolean
}

export function byteLevelTokenizer(from: ByteLevel): TokenizerJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: from.addedTokens,
    normalizer: from.normalizer === null ? null : { type: from.normalizer },
    pre_tokenizer: inSequence(cuttingSteps(from.cutting), 'pretokenizers'),
    post_processor: null,
    decoder: byteLevelStep(false, true),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: from.ignoreMerges,
      vocab: vocabObject(from.vocab),
      merges: from.merges,
    },
  }
}

/** ByteLevel's own expression is GPT-2's; another one cuts first and leaves only the spelling of bytes to it. */
function cuttingSteps(cutting: Cutting): readonly Step[] {
  if (cutting.kind === 'gpt2') return [byteLevelStep(cutting.addPrefixSpace, true)]
  const split = { type: 'Split', pattern: { Regex: cutting.regex }, behavior: 'Isolated', invert: false }
  return [split, byteLevelStep(false, false)]
}

function byteLevelStep(addPrefixSpace: boolean, useRegex: boolean): Step {
  return { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: useRegex }
}

/** Byte -> its character: printable Latin-1 stands for itself, the other 68 bytes take U+0100 onwards. */
export const characterOfByte: readonly string[] = (() => {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    return String.fromCharCode(printable ? byte : next++)
  })
})()

/** Bytes of a token in the 256 characters. */
export function spellBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => characterOfByte[byte]).join('')
}
