// Which part of a long text is drawn: it holds what is seen, begins where lines are known to begin, and follows what is typed.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authors, authorsWithin } from '../../../renderer/state/document.ts'
import { paragraphsOf, partAfter, partAround, wholeCharacters } from '../../../renderer/views/chat/pagePart.ts'

const seed = Date.now() % 1_000_000
console.info(`seed ${seed}`)
const lines = fc
  .array(fc.record({ words: fc.integer({ min: 0, max: 900 }), ends: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 60,
  })
  .map((parts) => parts.map(({ words, ends }) => 'word '.repeat(words) + '\n'.repeat(ends)).join(''))

test('a short text is drawn whole', () => {
  expect(partAround('a\nb', 2, 3)).toEqual({ start: 0, end: 3 })
})

test('a part holds what is seen and more, begins with a paragraph or at the first line, and is not much longer than what is seen', () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(3000), (text, from, seen) => {
      const first = from % (text.length + 1)
      const last = Math.min(text.length, first + seen)
      const { start, end } = partAround(text, first, last)
      expect(start).toBeLessThanOrEqual(first)
      expect(end).toBeGreaterThanOrEqual(last)
      expect(start === 0 || start === first || text[start - 1] === '\n').toBe(true)
      if (text.length > wholeCharacters) expect(end - start).toBeLessThan(60_000)
    }),
    { seed },
  )
})

test('paragraphs joined are the part; the end of the text has a line of its own behind a line end', () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(), (text, one, other) => {
      const [start = 0, end = 0] = [one % (text.length + 1), other % (text.length + 1)].toSorted((a, b) => a - b)
      const paragraphs = paragraphsOf(text, { start, end })
      expect(paragraphs.map((part) => text.slice(part.start, part.end)).join('')).toBe(text.slice(start, end))
      for (const part of paragraphs) expect(text.slice(part.start, part.end - 1)).not.toContain('\n')
      const isEmptyLast = paragraphs.at(-1)?.start === paragraphs.at(-1)?.end && paragraphs.length > 0
      expect(isEmptyLast).toBe(end === text.length && (start === end || text.endsWith('\n')))
    }),
    { seed },
  )
})

test('it follows what is typed in it or behind it, and is not known after a change before it', () => {
  const text = 'one\ntwo\nthree\nfour'
  const part = { start: 4, end: 8 }
  expect(partAfter(part, text, text)).toBe(part)
  expect(partAfter(part, text, 'one\ntwo and\nthree\nfour')).toEqual({ start: 4, end: 12 })
  expect(partAfter(part, text, 'once\ntwo\nthree\nfour')).toBeNull()
  expect(partAfter({ start: 4, end: text.length }, text, `${text} five`)).toEqual({ start: 4, end: text.length + 5 })
  expect(partAfter(part, text, 'one\n')).toEqual({ start: 4, end: 4 })
})

test('a part has the authors that the whole text has there', () => {
  const stretches = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(stretches, fc.nat(400), fc.nat(400), (gaps, one, other) => {
      let end = 0
      const written = gaps.map(([gap, length], index) => {
        const start = end + gap
        end = start + length
        return { start, end, continuation: index + 1 }
      })
      const text = Array.from({ length: end + 3 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')
      const [from = 0, to = 0] = [one % (text.length + 1), other % (text.length + 1)].toSorted((a, b) => a - b)
      const each = (parts: ReturnType<typeof authors>) =>
        parts.flatMap((part) => [...part.text].map((letter) => (part.model ? letter.toUpperCase() : letter))).join('')
      expect(each(authorsWithin({ text, written }, from, to))).toBe(each(authors({ text, written })).slice(from, to))
    }),
    { seed },
  )
})
