// What prompts have to know of a tokenizer, read from a validated tokenizer.json.
import type { TokenizerFacts } from './template.ts'

export interface Vocabulary extends TokenizerFacts {
  /** Texts of the added tokens that are marked special. */
  readonly specialTokens: readonly string[]
}

/** `prependsSpace` as the validation of the tokenizer found it. */
export function tokenizerFacts(tokenizerJson: unknown, prependsSpace: boolean): Vocabulary {
  const { added_tokens, model } = tokenizerJson as {
    readonly added_tokens?: readonly AddedToken[]
    readonly model?: { readonly vocab?: Readonly<Record<string, number>> | readonly (readonly [string, number])[] }
  }
  const added = added_tokens ?? []
  const ids = new Map([...vocabularyOf(model?.vocab ?? []), ...added.map(({ content, id }) => [content, id] as const)])
  return {
    prependsSpace,
    idOf: (token) => ids.get(token) ?? null,
    specialTokens: added.filter(({ special }) => special === true).map(({ content }) => content),
  }
}

interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special?: boolean
}

/** BPE lists ids by token; a unigram model lists tokens by id. */
function vocabularyOf(
  vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[],
): Iterable<readonly [string, number]> {
  return Array.isArray(vocab)
    ? vocab.map(([token], id) => [token, id] as const)
    : Object.entries(vocab as Readonly<Record<string, number>>)
}
