import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  appended,
  authors,
  continued,
  documentOf,
  edited,
  type TextDocument,
  undone,
} from '../../../renderer/state/document.ts'

const written = (document: TextDocument, ...pieces: readonly string[]) =>
  pieces.reduce((so, piece) => appended(so, piece), continued(document))
const marked = (document: TextDocument) =>
  authors(document)
    .map(({ text, model }) => (model ? `[${text}]` : text))
    .join('')

test('what the model writes is marked as one stretch', () => {
  expect(marked(written(documentOf('Once'), ' upon', ' a time'))).toBe('Once[ upon a time]')
})

test('typing inside a stretch splits it, deleting shrinks it, typing before moves it', () => {
  const story = written(documentOf('Once'), ' upon a time')
  expect(marked(edited(story, 'Once upon MY a time'))).toBe('Once[ upon ]MY [a time]')
  expect(marked(edited(story, 'Once a time'))).toBe('Once[ a time]')
  expect(marked(edited(story, 'At once upon a time'))).toBe('At once[ upon a time]')
  expect(marked(edited(story, 'Once upon a time there'))).toBe('Once[ upon a time] there')
  expect(marked(edited(story, ''))).toBe('')
})

test('undo removes what is left of the newest continuation, and then the one before', () => {
  const first = written(documentOf('Once'), ' upon')
  const second = edited(written(edited(first, 'Once upon a'), ' time long'), 'Once upon a time, so long')
  expect(marked(second)).toBe('Once[ upon] a[ time], so[ long]')
  const undo = undone(second)
  expect(marked(undo)).toBe('Once[ upon] a, so')
  expect(marked(undone(undo))).toBe('Once a, so')
  expect(undone(documentOf('mine'))).toEqual(documentOf('mine'))
})

test('stretches stay in order, inside the text and apart, whatever is typed and written', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), text: fc.string({ maxLength: 6 }) }),
    fc.record({
      kind: fc.constant('edit' as const),
      at: fc.nat(40),
      remove: fc.nat(10),
      text: fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('undo' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let document = documentOf('aab')
      for (const next of steps) {
        const { text } = document
        if (next.kind === 'write') document = written(document, next.text)
        else if (next.kind === 'undo') document = undone(document)
        else {
          const after = text.slice(0, next.at) + next.text + text.slice(next.at + next.remove)
          document = edited(document, after)
          expect(document.text).toBe(after)
        }
        let end = 0
        for (const stretch of document.written) {
          expect(stretch.start).toBeGreaterThanOrEqual(end)
          expect(stretch.end).toBeGreaterThan(stretch.start)
          end = stretch.end
        }
        expect(end).toBeLessThanOrEqual(document.text.length)
        expect(
          authors(document)
            .map((part) => part.text)
            .join(''),
        ).toBe(document.text)
      }
    }),
  )
})
