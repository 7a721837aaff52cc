// tokenizer_vocab.json -> tokenizer.json: the same as for a SentencePiece model of these pieces, as Llama's is.
import { fromSentencePiece } from './fromSentencePiece.ts'
import type { TokenizerJson } from './json.ts'
import { byteName, type Pieces, piecesFile } from './pieces.ts'
import type { Piece } from './sentencePiece.ts'

/** The tokenizer as JSON-serialisable data; equal pieces give equal data. */
export function tokenizerFromPieces({ pieces, scores, unknownId, bosId, eosId }: Pieces): TokenizerJson {
  const bytes = new Set(Array.from({ length: 256 }, (_, byte) => byteName(byte)))
  const typeOf = (text: string, id: number): Piece['type'] => {
    if (id === unknownId) return 'unknown'
    if (id === bosId || id === eosId) return 'control'
    return bytes.has(text) ? 'byte' : 'normal'
  }
  const typed = pieces.map((text, id) => ({ text, score: scores[id] as number, type: typeOf(text, id) }))
  return fromSentencePiece(
    { kind: 'bpe', pieces: typed, byteFallback: true, charsMap: null, addDummyPrefix: true, removeExtraSpaces: false },
    { file: piecesFile, additions: [], rows: pieces.length, firstId: 0, spelled: [], hidden: [] },
  )
}
