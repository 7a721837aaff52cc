// The Range header of RFC 9110, section 14.2, reduced to what reading one file needs: one range, whole numbers, within the file.

export interface ByteRange {
  readonly start: number
  /** Last byte, included. */
  readonly end: number
}

const oneRange = /^bytes=(\d{0,15})-(\d{0,15})$/

/** The range asked for of a file of `sizeBytes`; `null` when the header is malformed, names several ranges or leaves the file. */
export function parseRange(header: string, sizeBytes: number): ByteRange | null {
  const match = oneRange.exec(header)
  if (match === null) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  if (first === '') return within({ start: sizeBytes - Number(last), end: sizeBytes - 1 }, sizeBytes)
  return within({ start: Number(first), end: last === '' ? sizeBytes - 1 : Number(last) }, sizeBytes)
}

function within(range: ByteRange, sizeBytes: number): ByteRange | null {
  return range.start >= 0 && range.start <= range.end && range.end < sizeBytes ? range : null
}
