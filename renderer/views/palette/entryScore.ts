// How well an entry answers what is typed: every word of it has to be in the entry's words. The beginning of the label counts most, the beginning of a word
// more than its middle.

/** 0: not at all. 1: best. */
export function entryScore(
  { label, words }: { readonly label: string; readonly words: readonly string[] },
  typed: string,
) {
  const name = label.toLowerCase()
  const all = words.join(' ').toLowerCase()
  const scores = typed
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word): number => {
      if (name.startsWith(word)) return 1
      if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 0.8
      if (name.includes(word)) return 0.5
      return all.includes(word) ? 0.3 : 0
    })
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length)
}
