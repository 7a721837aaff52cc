// Llama's SentencePiece vocabulary as a model, and what other models do differently, applied to it.
import { readFile } from 'node:fs/promises'
import { parseJson } from '../../shared/compiler/checkpoint/json.ts'
import { decodePieces } from '../../shared/compiler/tokenizer/pieces.ts'
import type { Piece, SentencePieceModel } from '../../shared/compiler/tokenizer/sentencePiece.ts'

const fixture = await readFile(new URL('../fixtures/tokenizer/tokenizer_vocab.json', import.meta.url))
const { pieces, scores } = decodePieces(parseJson(fixture, 'tokenizer_vocab.json'))

const typeOf = (id: number): Piece['type'] => (id === 0 ? 'unknown' : id < 3 ? 'control' : id < 259 ? 'byte' : 'normal')
export const llamaPieces: SentencePieceModel = {
  kind: 'bpe',
  pieces: pieces.map((text, id) => ({ text, score: scores[id] as number, type: typeOf(id) })),
  byteFallback: true,
  charsMap: null,
  addDummyPrefix: true,
  removeExtraSpaces: false,
}

/** The symbols stand behind the other pieces. */
export function withUserDefined(model: SentencePieceModel, symbols: readonly string[]): SentencePieceModel {
  const others = model.pieces.filter(({ text }) => !symbols.includes(text))
  return {
    ...model,
    pieces: [...others, ...symbols.map((text) => ({ text, score: 0, type: 'user-defined' as const }))],
  }
}
