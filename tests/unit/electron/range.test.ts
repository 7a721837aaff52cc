import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange } from '../../../electron/services/range.ts'

test.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=0-9', 10, { start: 0, end: 9 }],
  ['bytes=3-', 10, { start: 3, end: 9 }],
  ['bytes=-3', 10, { start: 7, end: 9 }],
  ['bytes=-10', 10, { start: 0, end: 9 }],
])('%s of %d bytes is read', (header, sizeBytes, range) => {
  expect(parseRange(header, sizeBytes)).toEqual(range)
})

test.each([
  'bytes=0-10',
  'bytes=10-',
  'bytes=-0',
  'bytes=-11',
  'bytes=5-4',
  'bytes=',
  'bytes=-',
  'bytes=0-1,2-3',
  'bytes=0-1, 2-3',
  'bytes = 0-1',
  ' bytes=0-1',
  'bytes=0-1 ',
  'Bytes=0-1',
  'bits=0-1',
  'bytes=0x0-1',
  'bytes=+0-1',
  'bytes=0-1e1',
  'bytes=0.0-1',
  'bytes=٠-1',
  'bytes=0-99999999999999999999',
  'bytes=--1',
  '',
])('%j is refused', (header) => {
  expect(parseRange(header, 10)).toBeNull()
})

test('whatever the header, a range lies within the file', () => {
  const part = fc.oneof(
    fc.nat(30).map(String),
    fc.constantFrom('', '-', ',', ' ', '00', '9'.repeat(20)),
    fc.string({ maxLength: 3 }),
  )
  fc.assert(
    fc.property(fc.tuple(part, part), fc.nat(20), ([first, last], sizeBytes) => {
      const range = parseRange(`bytes=${first}-${last}`, sizeBytes)
      return range === null || (range.start >= 0 && range.start <= range.end && range.end < sizeBytes)
    }),
    { numRuns: 5000 },
  )
})
