// How well an entry answers what is typed: every word of it has to be in the entry's words. The beginning of the label counts most, the beginning of a word
// more than its middle. The ids that cmdk calls values say nothing to a person and do not count.

/** 0: not at all. 1: best. */
export function entryScore(_value: string, search: string, keywords: readonly string[] = []): number {
  const label = keywords[0]?.toLowerCase() ?? ''
  const all = keywords.join(' ').toLowerCase()
  const typed = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (typed.length === 0) return 1
  const scores = typed.map((word): number => {
    if (label.startsWith(word)) return 1
    if (label.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 0.8
    if (label.includes(word)) return 0.5
    return all.includes(word) ? 0.3 : 0
  })
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length
}
