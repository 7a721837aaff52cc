// A SentencePiece model -> Hugging Face tokenizer.json, in the shape transformers gives Llama's tokenizer when it converts it. Text of the special
// pieces becomes their token, which SentencePiece itself never does: prompts are written with them.
import { CompileError } from '../../errors.ts'
import { type Addition, placeAdditions } from './additions.ts'
import {
  type AddedToken,
  addedToken,
  type BpeModel,
  inSequence,
  type Step,
  type TokenizerJson,
  type UnigramModel,
  vocabObject,
} from './json.ts'
import { mergesOf } from './pieceMerges.ts'
import type { Piece, SentencePieceModel } from './sentencePiece.ts'

const space = '\u2581'

export interface SentencePieceOptions {
  readonly file: string
  readonly additions: readonly Addition[]
  /** Rows of the embedding. */
  readonly rows: number
  /** Id of the first piece. */
  readonly firstId: number
  /** Text that has tokens of its own in place of what SentencePiece would drop: [text, token], longest first. */
  readonly spelled: readonly (readonly [string, string])[]
  /** Pieces of the vocabulary that are tokens but never text: no text becomes them. */
  readonly hidden: readonly (readonly [string, number])[]
}

/** Throws CompileError when there are more pieces than rows, or ids collide. */
export function fromSentencePiece(model: SentencePieceModel, options: SentencePieceOptions): TokenizerJson {
  const { file, rows, firstId } = options
  if (model.pieces.length + firstId > rows)
    throw new CompileError(
      file,
      'pieces',
      `${model.pieces.length + firstId}, expected 1 to the ${rows} rows of the embedding`,
    )
  const vocab = new Map(model.pieces.map(({ text }, id) => [text, id + firstId]))
  for (const [text, id] of options.hidden) if (id < rows) vocab.set(text, id)
  const added = [
    ...model.pieces.flatMap(({ text, type }, id) =>
      type === 'unknown' || type === 'control' ? [addedToken(id + firstId, text)] : [],
    ),
    ...placeAdditions(options.additions, vocab, rows),
  ]
  const symbols = model.pieces.filter(({ type }) => type === 'user-defined').map(({ text }) => text)
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: once(added),
    normalizer: inSequence(normalizers(model, options.spelled), 'normalizers'),
    pre_tokenizer: model.kind === 'bpe' && symbols.length > 0 ? splitAt(symbols) : null,
    post_processor: null,
    decoder: inSequence(decoders(model, options.spelled), 'decoders') as Step,
    model: model.kind === 'bpe' ? bpe(model, vocab, symbols.length > 0) : unigram(model, vocab),
  }
}

/** A piece that an addition names again keeps the addition's flags; special is what either says. */
function once(tokens: readonly AddedToken[]): readonly AddedToken[] {
  const byId = new Map<number, AddedToken>()
  for (const token of tokens)
    byId.set(token.id, { ...token, special: token.special || byId.get(token.id)?.special === true })
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

function normalizers(model: SentencePieceModel, spelled: SentencePieceOptions['spelled']): readonly Step[] {
  const replace = (pattern: object, content: string): Step => ({ type: 'Replace', pattern, content })
  const charsMap =
    model.charsMap === null ? [] : [{ type: 'Precompiled', precompiled_charsmap: base64(model.charsMap) }]
  // Oniguruma's ^ and $ are the ends of every line. At the end, SentencePiece trims after it has written spaces as U+2581.
  const trimmed = [replace({ Regex: `\\A +|[ ${space}]+\\z` }, ''), replace({ Regex: ' {2,}' }, ' ')]
  return [
    ...spelled.map(([text, token]) => replace({ String: text }, token)),
    ...charsMap,
    ...(model.removeExtraSpaces ? trimmed : []),
    ...(model.addDummyPrefix ? [{ type: 'Prepend', prepend: space }] : []),
    replace({ String: ' ' }, space),
  ]
}

function decoders(model: SentencePieceModel, spelled: SentencePieceOptions['spelled']): readonly Step[] {
  return [
    ...spelled.map(([text, token]) => ({ type: 'Replace', pattern: { String: token }, content: text })),
    { type: 'Replace', pattern: { String: space }, content: ' ' },
    ...(model.byteFallback ? [{ type: 'ByteFallback' }] : []),
    { type: 'Fuse' },
    ...(model.addDummyPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
  ]
}

/** SentencePiece finds user-defined pieces first, the longest at each place, and merges nothing into them. */
function splitAt(symbols: readonly string[]): Step {
  const longestFirst = symbols.toSorted((a, b) => b.length - a.length)
  const expression = longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|/\-#&~\s]/g, escaped)).join('|')
  return { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false }
}

/** Oniguruma takes white space as a code point: an escaped letter would mean something else. */
function escaped(character: string): string {
  return /\s/.test(character) ? `\\x{${character.charCodeAt(0).toString(16)}}` : `\\${character}`
}

function bpe(model: SentencePieceModel, vocab: ReadonlyMap<string, number>, wholeTokens: boolean): BpeModel {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: unknownPiece(model.pieces).text,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: model.byteFallback,
    ...(wholeTokens ? { ignore_merges: true } : {}),
    vocab: vocabObject(vocab),
    merges: mergesOf(model.pieces),
  }
}

/**
 * A user-defined piece scores its length times the highest score, counted from 0, less 0.1, and so wins over what a model of log-probabilities would
 * make of its text (unigram_model.cc, EncodeOptimized). Bytes and unused pieces never stand for text; the format has no way to say so, so they score
 * less than the letters of their names.
 */
function unigram(model: SentencePieceModel, vocab: ReadonlyMap<string, number>): UnigramModel {
  const normal = model.pieces.filter(({ type }) => type === 'normal').map(({ score }) => score)
  const highest = normal.reduce((a, b) => Math.max(a, b), 0)
  const lowest = normal.reduce((a, b) => Math.min(a, b), Infinity)
  const never = Math.min(6 * lowest, lowest) - 1
  const scores: Readonly<Record<Piece['type'], (piece: Piece) => number>> = {
    normal: ({ score }) => score,
    'user-defined': ({ text }) => [...text].length * highest - 0.1,
    unknown: () => 0,
    control: () => 0,
    byte: () => never,
    unused: () => never,
  }
  const pieces = new Map(model.pieces.map((piece) => [piece.text, piece]))
  const texts: string[] = []
  for (const [text, id] of vocab) texts[id] = text
  return {
    type: 'Unigram',
    unk_id: vocab.get(unknownPiece(model.pieces).text) as number,
    vocab: Array.from(texts, (text, id) => {
      const piece = pieces.get(text ?? '')
      return [text ?? `\u{10fffd}${id}`, piece === undefined ? never : scores[piece.type](piece)]
    }),
    byte_fallback: model.byteFallback,
  }
}

function unknownPiece(pieces: readonly Piece[]): Piece {
  const unknown = pieces.find(({ type }) => type === 'unknown')
  if (unknown === undefined) throw new Error('a SentencePiece model without a piece for unknown text')
  return unknown
}

function base64(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte))
  return btoa(characters.join(''))
}
