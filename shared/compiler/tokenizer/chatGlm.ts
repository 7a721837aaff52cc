// ChatGLM's tokenizers are SentencePiece models with Python around them (THUDM/chatglm-6b and chatglm3-6b, tokenization_chatglm.py). ChatGLM2 and 3
// number their special tokens after the pieces. ChatGLM-6B writes line breaks, tabs and runs of spaces as pieces of their own, and leaves room for
// image tokens before its text.
import { configFields, integerField, own } from '../checkpoint/config.ts'
import { type Addition, configName } from './additions.ts'
import type { SentencePieceOptions } from './fromSentencePiece.ts'

export const iceTextFile = 'ice_text.model'

/** True of what ChatGLM2 and 3 publish beside their tokenizer.model. */
export function isChatGlm(config: unknown): boolean {
  return config !== null && own(configFields(config, configName), 'tokenizer_class') === 'ChatGLMTokenizer'
}

/** Special tokens that are looked for in text, and those which are not: `sop` is a part of ordinary words. */
type Glm2Tokens = Pick<SentencePieceOptions, 'additions' | 'hidden'>

/** Numbered from `pieces`, the count of SentencePiece's own. Only ChatGLM3 has the roles. */
export function chatGlmTokens(pieces: number, config: unknown, declared: readonly Addition[]): Glm2Tokens {
  const name = config === null ? '' : own(configFields(config, configName), 'name_or_path')
  const masks = ['[MASK]', '[gMASK]', '[sMASK]']
  const roles = String(name).includes('chatglm2') ? [] : ['<|system|>', '<|user|>', '<|assistant|>', '<|observation|>']
  const contents = [...masks, 'sop', 'eop', ...roles]
  const isHidden = (content: string) => content === 'sop' || content === 'eop'
  const numbered = contents.map((content, index) => [content, pieces + index] as const)
  const known = new Set(contents)
  return {
    additions: [
      ...numbered.filter(([content]) => !isHidden(content)).map(([content, id]) => special(content, id)),
      ...declared.filter(({ content }) => !known.has(content)),
    ],
    hidden: numbered.filter(([content]) => isHidden(content)),
  }
}

/** What ChatGLM-6B's class does to text before SentencePiece sees it, longest first, and where its text ids begin. */
export function iceText(config: unknown): Pick<SentencePieceOptions, 'spelled' | 'firstId'> {
  const fields = config === null ? {} : configFields(config, configName)
  const blanks = Array.from({ length: longestBlank - 1 }, (_, index) => longestBlank - index)
  return {
    firstId: integerField(fields, 'num_image_tokens', { minimum: 0, maximum: 1_000_000 }, 20_000),
    spelled: [
      ['\n', '<n>'],
      ['\t', '<|tab|>'],
      ...blanks.map((length) => [' '.repeat(length), `<|blank_${length}|>`] as const),
    ],
  }
}

const longestBlank = 80

function special(content: string, id: number): Addition {
  return { content, id, special: true, lstrip: false, rstrip: false, singleWord: false, file: configName }
}
