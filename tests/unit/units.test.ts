import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatDuration, formatSpeed } from '../../shared/units.ts'

test('sizes, times, speeds and counts are written with their units', () => {
  expect([0, 999, 1000, 8_600_000, 123_456_789, 4_294_967_296].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '8.6 MB',
    '123 MB',
    '4.3 GB',
  ])
  expect([0, 84.4, 1530, 59_990, 95_000, 119_900].map(formatDuration)).toEqual([
    '0 ms',
    '84 ms',
    '1.5 s',
    '1 min 0 s',
    '1 min 35 s',
    '2 min 0 s',
  ])
  expect([38.24, 120.6].map(formatSpeed)).toEqual(['38.2 tokens per second', '121 tokens per second'])
  expect([0, 1, 2].map((count) => formatCount(count, 'token'))).toEqual(['0 tokens', '1 token', '2 tokens'])
})
