// A tokenizer.json with any steps, and whether web-llm's own tokenizer takes it.
import { jsonBuffer, webLlmTokenizers } from './webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
export type Json = Record<string, unknown>

/** The smallest whole tokenizer.json, with these fields changed. */
export function tokenizer(change: Json = {}): Json {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ id: 0, content: 'a', ...flags }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: 'a',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: { a: 0, b: 1, c: 2, ab: 3 },
      merges: ['a b'],
    },
    ...change,
  }
}

/** Whether it runs in web-llm. */
export async function loads(value: object): Promise<boolean> {
  try {
    const loaded = await tokenizers.fromJSON(jsonBuffer(value))
    loaded.encode('a b 1 ab\n')
    loaded.decode(Int32Array.of(0, 1))
    loaded.dispose()
    return true
  } catch {
    return false
  }
}

export const split = (Regex: string, behavior = 'Isolated') => ({
  type: 'Split',
  pattern: { Regex },
  behavior,
  invert: false,
})
export const byteLevel = (add_prefix_space: boolean, use_regex?: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space,
  trim_offsets: true,
  ...(use_regex === undefined ? {} : { use_regex }),
})
export const sequence = (list: string, ...steps: object[]) => ({ type: 'Sequence', [list]: steps })
