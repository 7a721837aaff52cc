// Tokens in rows, and probabilities in words.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partAt } from '../../../renderer/views/panels/tokens/PromptTokens.tsx'
import { packTokens, rowOf } from '../../../renderer/views/panels/tokens/packTokens.ts'
import {
  chanceText,
  jsonText,
  levelOf,
  likelihoodOf,
  probabilityOf,
  shownText,
  spokenText,
} from '../../../renderer/views/panels/tokens/tokenWords.ts'

const seed = 20261128
const texts = fc.array(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('\n', ' the', '', '龍')), {
  maxLength: 200,
})

test('rows hold every token once, in order, and none is empty', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 60 }), (all, width) => {
      const rows = packTokens(all, width)
      expect(rows.every(({ start, end }) => end > start)).toBe(true)
      expect(rows.flatMap(({ start, end }) => all.slice(start, end))).toEqual(all)
      for (const index of all.keys()) {
        const { start, end } = rows[rowOf(rows, index)] ?? { start: -1, end: -1 }
        expect(start <= index && index < end).toBe(true)
      }
    }),
    { seed },
  )
})

test('a line break ends its row', () => {
  expect(packTokens(['a', '\n', 'b'], 80)).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 3 },
  ])
})

test('spaces and line breaks are seen and said', () => {
  expect(shownText(' cat\n')).toBe('·cat⏎')
  expect([spokenText(' cat'), spokenText('\n'), spokenText(' '), spokenText('')]).toEqual([
    'cat',
    'line break',
    'space',
    'nothing',
  ])
})

test('what is not seen is seen by its number, and stays in JSON as an escape', () => {
  expect([shownText('a\u202Eb\u200B'), spokenText(' a\u202E')]).toEqual(['a⟨202E⟩b⟨200B⟩', 'a⟨202E⟩'])
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\u202E', '\u0007', '"', '\u{E0041}', '龍') }), (text) => {
      const json = jsonText({ text })
      expect(JSON.parse(json)).toEqual({ text })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
      expect(json).not.toMatch(/[\u0007\u202E\u{E0041}]/u)
    }),
    { seed },
  )
})

test.each([
  [1, '100 %'],
  [0.997, '99.7 %'],
  [0.874, '87 %'],
  [0.0449, '4.5 %'],
  [0.00123, '0.12 %'],
  [0.00000001, 'under 0.01 %'],
  [0, 'probability 0'],
])('%f is said as %s', (probability, words) => {
  expect(chanceText(probability)).toBe(words)
})

test('a probability has one of five colours', () => {
  expect([0, 0.04, 0.05, 0.3, 0.5, 0.89, 0.9, 1].map(levelOf)).toEqual([0, 0, 1, 2, 3, 3, 4, 4])
  expect([probabilityOf(null), probabilityOf(0), probabilityOf(Math.log(0.25))]).toEqual([0, 1, 0.25])
})

test('the perplexity of tokens that were all as likely as one of four is four', () => {
  const token = { logProbability: Math.log(0.25) }
  expect(likelihoodOf([token, token, token])?.perplexity).toBeCloseTo(4, 10)
  expect(likelihoodOf([token, { logProbability: null }])).toEqual({
    tokens: 2,
    meanLogProbability: null,
    perplexity: Number.POSITIVE_INFINITY,
  })
  expect(likelihoodOf([])).toBe(null)
})

test('each token of a prompt belongs to a part', () => {
  const inspected = { parts: { system: 2, history: 1, last: 3 } }
  expect([0, 1, 2, 3, 5].map((index) => partAt(inspected, index))).toEqual([
    'system',
    'system',
    'history',
    'last',
    'last',
  ])
})
