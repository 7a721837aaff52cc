// web-llm streams text before it knows whether it is the beginning of a stop string. That part is held back until it is decided.

/** How many characters at the end of the text may be the beginning of one of the stop strings. */
export function heldBackLength(text: string, stopStrings: readonly string[]): number {
  const longest = Math.max(0, ...stopStrings.map((stop) => stop.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(text.length - length)
    if (stopStrings.some((stop) => stop.length > length && stop.startsWith(end))) return length
  }
  return 0
}

/** Where the first stop string begins; -1 without one. web-llm looks for the last, and in a text that may lack its first space. */
export function stopPlace(text: string, stopStrings: readonly string[]): number {
  return stopStrings.reduce((first, stop) => {
    const place = stop === '' ? -1 : text.indexOf(stop)
    return place >= 0 && (first < 0 || place < first) ? place : first
  }, -1)
}
