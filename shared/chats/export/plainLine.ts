// A title or a name as one visible line: what hides, reorders or breaks text is taken out. Conversations themselves are never changed.

// Controls, line and paragraph separators, bidirectional marks, embeddings and isolates, and what has no width; joiners stay, which scripts and emoji need.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

export function plainLine(text: string, longest = 500): string {
  const line = text
    .toWellFormed()
    .replace(/[\t\n\r]/g, ' ')
    .replace(unseen, '')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= longest
    ? line
    : line
        .slice(0, longest)
        .toWellFormed()
        .replace(/\ufffd$/, '')
        .trimEnd()
}
