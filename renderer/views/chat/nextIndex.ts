const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowUp: (index) => index - 1,
  ArrowDown: (index) => index + 1,
  PageUp: (index) => index - 1,
  PageDown: (index) => index + 1,
  Home: () => 0,
  End: (_index, count) => count - 1,
}

/** Which message a key leads to; null where it leads nowhere. Page Up and Page Down are the keys of a feed. */
export function nextIndex(
  press: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  index: number,
  count: number,
): number | null {
  const step = steps[press.key]
  if (step === undefined || count === 0) return null
  if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey) return null
  return Math.min(count - 1, Math.max(0, step(index, count)))
}
