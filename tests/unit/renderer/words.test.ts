// The words of downloads, hardware and installed models that carry numbers.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  countdown,
  fractionOf,
  progressWords,
  stateWords,
  timeLeft,
} from '../../../renderer/views/downloads/jobWords.ts'
import { formatFlops, reportText, shortcomings } from '../../../renderer/views/hardware/hardwareWords.ts'
import { differenceText } from '../../../renderer/views/installed/recordWords.ts'
import { jobs, report } from '../../support/management.ts'

test.each([
  [0, '1 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [771_000, '13 min'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
])('%i ms are left as %s', (ms, words) => {
  expect(timeLeft(ms)).toBe(words)
})

test('time left never shows sixty of anything', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
      expect(timeLeft(ms)).toMatch(/^(\d+ h|([1-9]|[1-5]\d) (s|min)|\d+ h ([1-9]|[1-5]\d) min)$/)
    }),
    { seed: 20261128 },
  )
})

test('a job says what is known and nothing else', () => {
  expect(progressWords(jobs.running)).toBe('4.2 GB of 13.3 GB · 11.8 MB per second · 13 min left')
  expect(progressWords(jobs.queued)).toBe('')
  expect(progressWords(jobs.done)).toBe('375 MB')
  expect(Object.values(jobs).map(stateWords)).toEqual([
    'Downloading and compiling',
    'Downloading, waiting',
    'Waits for its turn',
    'Stopped',
    'Installed',
  ])
})

test('a countdown ends', () => {
  expect(countdown(12_000, 500)).toBe('Goes on by itself in 12 s.')
  expect(countdown(12_000, 12_000)).toBe('Goes on now.')
  // Until somebody switches the network on again.
  expect(countdown(100 * 24 * 3600_000, 0)).toBe('')
})

test('a fraction stays between 0 and 1, and is none where nothing is known', () => {
  expect(fractionOf({ doneBytes: 5, totalBytes: null })).toBe(null)
  expect(fractionOf({ doneBytes: 5, totalBytes: 0 })).toBe(null)
  expect(fractionOf({ doneBytes: 7, totalBytes: 5 })).toBe(1)
})

test('measured values are set against predicted ones', () => {
  expect(differenceText(103, 100)).toBe('3 % more')
  expect(differenceText(96, 100)).toBe('4 % less')
  expect(differenceText(100.2, 100)).toBe('as predicted')
})

test('a computer that has everything lacks nothing', () => {
  expect(shortcomings(report)).toEqual([])
  expect(shortcomings({ ...report, probe: null })).toEqual([])
})

test('an adapter without half precision is said to', () => {
  const probe = report.probe && { ...report.probe, adapter: { ...report.probe.adapter, hasHalfPrecision: false } }
  expect(shortcomings({ ...report, probe }).map(({ title }) => title)).toEqual(['No half precision'])
})

test('the report is plain text, whole before and after the adapter was measured', () => {
  const text = reportText(report, '0.1.0')
  expect(text).toContain('Memory bandwidth: 71.0 GB per second')
  expect(text).toContain('For models: 16.7 GB: half of the memory, which the graphics adapter shares')
  expect(reportText({ ...report, probe: null }, '0.1.0')).not.toContain('WebGPU')
  expect([formatFlops(4.1e12), formatFlops(38e9), formatFlops(250e9)]).toEqual([
    '4.1 TFLOP/s',
    '38.0 GFLOP/s',
    '250 GFLOP/s',
  ])
})
