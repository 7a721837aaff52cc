// SentencePiece BPE in the plainest form, as llama2.c's run.c encodes: characters first, unknown ones as bytes, then again and again the neighbours
// whose union scores highest, the leftmost on a tie. The oracle for tokenizers made from pieces.
import { byteName, type Pieces } from '../../shared/compiler/tokenizer/pieces.ts'

/** Ids of the text with SentencePiece's leading space; without BOS. */
export function encodePlain({ pieces, scores }: Pieces, text: string): readonly number[] {
  const idOf = idsOf(pieces)
  if (text === '') return []
  const ids: number[] = []
  for (const character of `\u2581${text.replaceAll(' ', '\u2581')}`) {
    const id = idOf.get(character)
    if (id !== undefined) ids.push(id)
    else for (const byte of new TextEncoder().encode(character)) ids.push(idOf.get(byteName(byte)) as number)
  }
  for (;;) {
    let best = -1
    let bestId = -1
    for (let at = 0; at + 1 < ids.length; at++) {
      const id = idOf.get(`${pieces[ids[at] as number]}${pieces[ids[at + 1] as number]}`)
      if (id !== undefined && (bestId < 0 || (scores[id] as number) > (scores[bestId] as number)))
        [best, bestId] = [at, id]
    }
    if (bestId < 0) return ids
    ids.splice(best, 2, bestId)
  }
}

const known = new WeakMap<readonly string[], ReadonlyMap<string, number>>()
function idsOf(pieces: readonly string[]): ReadonlyMap<string, number> {
  const ids = known.get(pieces) ?? new Map(pieces.map((piece, id) => [piece, id]))
  known.set(pieces, ids)
  return ids
}
