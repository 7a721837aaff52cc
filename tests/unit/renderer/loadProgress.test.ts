import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reportProgress } from '../../../renderer/inference/loadProgress.ts'
import type { LoadProgress } from '../../../renderer/inference/protocol.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('a load reads, moves what it has read to the GPU, and prepares programs, with bytes and time', () => {
  const seen: LoadProgress[] = []
  const progress = reportProgress(1000, (report) => seen.push(report))
  const later = (work: () => void) => {
    vi.advanceTimersByTime(150)
    work()
  }
  progress.begun()
  later(() => progress.read(400))
  later(() => progress.counted(0.2))
  later(() => progress.read(600))
  later(() => progress.counted(0.5))
  later(() => progress.counted(1))
  later(() => progress.counted(0.25))
  const told = seen.map(({ step, fraction, doneBytes, elapsedMs }) => [step, fraction, doneBytes, elapsedMs])
  expect(told).toEqual([
    ['library', 0, 0, 0],
    ['reading', 0.4, 400, 150],
    ['reading', 0.4, 400, 300],
    ['uploading', 0.2, 200, 450],
    ['uploading', 0.5, 500, 600],
    ['programs', 0, 1000, 750],
    ['programs', 0.25, 1000, 900],
  ])
})

test('thousands of small pieces are told ten times a second', () => {
  const seen: LoadProgress[] = []
  const progress = reportProgress(10_000, (report) => seen.push(report))
  for (let piece = 0; piece < 5000; piece++) {
    vi.advanceTimersByTime(0.2)
    progress.read(1)
  }
  expect(seen.length).toBeLessThanOrEqual(11)
})
