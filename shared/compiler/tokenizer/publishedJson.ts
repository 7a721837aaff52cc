// A published tokenizer.json, made to fit the model and its use: tokens beyond the embedding are left out, added tokens keep the ids they are
// given, and nothing cuts or pads.
import { CompileError } from '../../errors.ts'
import { type Fields, own } from '../checkpoint/config.ts'
import { quoted } from '../checkpoint/json.ts'

interface Added {
  readonly id: number
  readonly content: string
}

/**
 * The tokenizer itself when it fits. huggingface/tokenizers numbers added tokens on from the vocabulary's size and overlooks the ids in the file;
 * where the two differ, the token goes into the vocabulary, which is believed. Expects a validated tokenizer.json.
 */
export function fitTokenizerJson(published: Fields, rows: number, file: string): Fields {
  const tokenizer = withoutUnused(published)
  const added = (own(tokenizer, 'added_tokens') ?? []) as readonly Added[]
  const model = own(tokenizer, 'model') as Fields
  const kept = added.filter(({ id }) => id < rows)
  const moved = movedTokens(kept, vocabOf(model))
  if (moved.length === 0) return kept.length === added.length ? tokenizer : { ...tokenizer, added_tokens: kept }
  if (Array.isArray(model.vocab))
    throw new CompileError(
      file,
      'added_tokens',
      `${quoted(moved[0]?.content ?? '')} leaves a gap behind the vocabulary`,
    )
  const vocab = { ...(model.vocab as Fields), ...Object.fromEntries(moved.map(({ content, id }) => [content, id])) }
  return { ...tokenizer, added_tokens: kept, model: { ...model, vocab } }
}

/** web-llm adds no special tokens; a prompt that is cut or padded on its way to the model would be wrong. */
function withoutUnused(tokenizer: Fields): Fields {
  const unused = ['truncation', 'padding', 'post_processor'].filter((name) => (own(tokenizer, name) ?? null) !== null)
  if (unused.length === 0) return tokenizer
  return { ...tokenizer, ...Object.fromEntries(unused.map((name) => [name, null])) }
}

/** Added tokens that would get another id than theirs. */
function movedTokens(added: readonly Added[], vocab: ReadonlyMap<string, number>): readonly Added[] {
  let next = vocab.size
  return added.filter(({ content, id }) => {
    if (vocab.has(content)) {
      next = Math.max(next, id + 1)
      return false
    }
    const given = next
    next = Math.max(next, given + 1)
    return given !== id
  })
}

function vocabOf(model: Fields): ReadonlyMap<string, number> {
  const vocab = own(model, 'vocab')
  if (!Array.isArray(vocab)) return new Map(Object.entries(vocab as Record<string, number>))
  return new Map(vocab.map(([text]: readonly [string, number], id) => [text, id]))
}
