// SentencePiece's BPE joins the neighbours whose union has the highest score; a tokenizer.json lists pairs in the order in which they win. So the
// list is every pair whose union is a piece, best score first.
import type { Piece } from './sentencePiece.ts'

/** `left right` for every way to cut a piece into two pieces: best score first, then by the ids of the halves. */
export function mergesOf(pieces: readonly Piece[]): readonly string[] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]))
  const merges: { readonly pair: string; readonly score: number; readonly left: number; readonly right: number }[] = []
  for (const { text, score, type } of pieces) {
    if (type !== 'normal' && type !== 'unused') continue
    for (let cut = 1; cut < text.length; cut++) {
      const left = ids.get(text.slice(0, cut))
      const right = ids.get(text.slice(cut))
      if (left === undefined || right === undefined || isInsideCharacter(text, cut)) continue
      merges.push({ pair: `${text.slice(0, cut)} ${text.slice(cut)}`, score, left, right })
    }
  }
  merges.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right)
  return merges.map(({ pair }) => pair)
}

/** A cut between the two halves of a surrogate pair is no cut between characters. */
function isInsideCharacter(text: string, cut: number): boolean {
  const code = text.charCodeAt(cut)
  return code >= 0xdc00 && code <= 0xdfff
}
