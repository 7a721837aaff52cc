// The words that two texts share.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DifferencePart, likeness, wordDifference } from '../../../renderer/state/compareDifference.ts'

const seed = 20261128
const { signal } = new AbortController()
const joined = (parts: readonly DifferencePart[], own: DifferencePart['kind']) =>
  parts
    .filter(({ kind }) => kind === 'both' || kind === own)
    .map(({ text }) => text)
    .join('')

const texts = fc
  .array(fc.constantFrom('cat', 'dog', ' ', '\n', '. ', 'é', '龍', ','), { maxLength: 60 })
  .map((words) => words.join(''))

test('both texts come back from their parts', async () => {
  await fc.assert(
    fc.asyncProperty(texts, texts, async (first, second) => {
      const parts = await wordDifference(first, second, signal)
      expect([joined(parts, 'first'), joined(parts, 'second')]).toEqual([first, second])
    }),
    { seed },
  )
})

test('changes that only white space parts are one', async () => {
  expect(await wordDifference('a red cat sat', 'a big old dog sat', signal)).toEqual([
    { kind: 'both', text: 'a ' },
    { kind: 'first', text: 'red cat ' },
    { kind: 'second', text: 'big old dog ' },
    { kind: 'both', text: 'sat' },
  ])
})

test('long texts are compared in steps between which other work goes on', async () => {
  const first = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' ')
  const second = first.replace('word1000', 'another')
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 0)
  const parts = await wordDifference(first, second, signal)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(0)
  expect(parts.filter(({ kind }) => kind !== 'both')).toEqual([
    { kind: 'first', text: 'word1000' },
    { kind: 'second', text: 'another' },
  ])
})

test('a comparison of words that is not wanted any more ends', async () => {
  const stop = new AbortController()
  const long = 'a b c d '.repeat(1000)
  const running = wordDifference(long, long.toUpperCase(), stop.signal)
  stop.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
})

test('likeness is the share of words in both', () => {
  expect(likeness([])).toBe(1)
  expect(
    likeness([
      { kind: 'both', text: 'a b ' },
      { kind: 'first', text: 'c d' },
    ]),
  ).toBeCloseTo(4 / 6)
})
