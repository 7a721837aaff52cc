// The rank files that are known by name, and what the Python of their models adds to them.
import type { RankFile } from './fromRanks.ts'

/** QwenLM/Qwen, tokenization_qwen.py: GPT-4's expression but for numbers, which are cut into digits. */
const qwenExpression =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

const qwen: RankFile = {
  name: 'qwen.tiktoken',
  cutting: { kind: 'regex', regex: qwenExpression },
  normalizer: 'NFC',
  following: [
    '<|endoftext|>',
    '<|im_start|>',
    '<|im_end|>',
    ...Array.from({ length: 205 }, (_, index) => `<|extra_${index}|>`),
  ].map((text) => ({ kind: 'special', text })),
}

/**
 * XGen's repositories hold no ranks: tokenization_xgen.py takes tiktoken's `gpt2` from OpenAI's server, whose ranks OpenAI publishes as
 * r50k_base.tiktoken, and goes on with runs of spaces and tabs, longest first, and the tokens that StarCoder has for files and infilling.
 * The list of those tokens could not be compared with the published file.
 */
const xgen: RankFile = {
  name: 'r50k_base.tiktoken',
  cutting: { kind: 'gpt2', addPrefixSpace: false },
  normalizer: null,
  following: [
    { kind: 'special', text: '<|endoftext|>' },
    ...runs(' ', 31),
    ...runs('\t', 9),
    ...[
      '<fim_prefix>',
      '<fim_middle>',
      '<fim_suffix>',
      '<fim_pad>',
      '<filename>',
      '<gh_stars>',
      '<issue_start>',
      '<issue_comment>',
      '<issue_closed>',
      '<jupyter_start>',
      '<jupyter_text>',
      '<jupyter_code>',
      '<jupyter_output>',
      '<empty_output>',
      '<commit_before>',
      '<commit_msg>',
      '<commit_after>',
      '<reponame>',
    ].map((text) => ({ kind: 'special', text }) as const),
  ],
}

/** Runs of `longest` down to 2. */
function runs(character: string, longest: number): RankFile['following'] {
  return Array.from({ length: longest - 1 }, (_, index) => ({
    kind: 'merged',
    text: character.repeat(longest - index),
  }))
}

export const rankFiles: readonly RankFile[] = [qwen, xgen]
