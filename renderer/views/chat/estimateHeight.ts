const charactersPerLine = 76
const linePx = 26
/** Name, spaces and buttons. */
const aroundPx = 92

/** How high a message will be, before it is measured: near enough that the scroll bar does not jump. */
export function estimateHeightPx(characters: number): number {
  return aroundPx + linePx * Math.max(1, Math.ceil(characters / charactersPerLine))
}
