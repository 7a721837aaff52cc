// How high a row of a list is. In an area that is not seen it has no height, and a list that believed it would lose its place: there it stays as high as it
// was, at first as high as it is expected to be.
import { measureElement, type Virtualizer } from '@tanstack/react-virtual'

export function seenHeightPx(
  row: HTMLElement,
  entry: ResizeObserverEntry | undefined,
  list: Virtualizer<HTMLElement, HTMLElement>,
): number {
  const heightPx = measureElement(row, entry, list)
  if (heightPx > 0) return heightPx
  const index = list.indexFromElement(row)
  return list.itemSizeCache.get(list.options.getItemKey(index)) ?? list.options.estimateSize(index)
}
