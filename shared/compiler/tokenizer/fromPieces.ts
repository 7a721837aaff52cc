// SentencePiece BPE pieces -> Hugging Face tokenizer.json, in the shape transformers gives Llama's tokenizer when it converts it. SentencePiece joins
// the neighbours whose union has the highest score; a tokenizer.json lists pairs in the order in which they win, so the list is every pair whose
// union is a piece, best score first.
import { byteName, type Pieces } from './pieces.ts'

const space = '\u2581'

/** The tokenizer as JSON-serialisable data; equal pieces give equal data. */
export function tokenizerFromPieces({ pieces, scores, unknownId, bosId, eosId }: Pieces): object {
  const specials = [...new Set([unknownId, bosId, eosId])].sort((a, b) => a - b)
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((id) => ({
      id,
      content: pieces[id],
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: space },
        { type: 'Replace', pattern: { String: ' ' }, content: space },
      ],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: pieces[unknownId],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: mergesOf(pieces, scores, new Set(specials)),
    },
  }
}

/** `left right` for every way to cut a piece into two pieces: best score first, then by the ids of the halves. */
function mergesOf(
  pieces: readonly string[],
  scores: readonly number[],
  specials: ReadonlySet<number>,
): readonly string[] {
  const bytes = new Set(Array.from({ length: 256 }, (_, byte) => byteName(byte)))
  const ids = new Map(pieces.map((piece, id) => [piece, id]))
  const merges: { readonly pair: string; readonly score: number; readonly left: number; readonly right: number }[] = []
  for (const [id, piece] of pieces.entries()) {
    if (specials.has(id) || bytes.has(piece)) continue
    for (let cut = 1; cut < piece.length; cut++) {
      const left = ids.get(piece.slice(0, cut))
      const right = ids.get(piece.slice(cut))
      if (left === undefined || right === undefined || isInsideCharacter(piece, cut)) continue
      merges.push({ pair: `${pieces[left]} ${pieces[right]}`, score: scores[id] as number, left, right })
    }
  }
  merges.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right)
  return merges.map(({ pair }) => pair)
}

/** A cut between the two halves of a surrogate pair is no cut between characters. */
function isInsideCharacter(piece: string, cut: number): boolean {
  const code = piece.charCodeAt(cut)
  return code >= 0xdc00 && code <= 0xdfff
}
