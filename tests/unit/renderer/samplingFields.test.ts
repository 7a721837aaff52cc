// What is typed into the fields of the sampling panel: stop strings and schemas.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { builtInPresets } from '../../../renderer/views/panels/sampling/presets.ts'
import { schemaProblem } from '../../../renderer/views/panels/sampling/schemaProblem.ts'
import { parsedStops, stopsText } from '../../../renderer/views/panels/sampling/stops.ts'
import { sampling } from '../../../shared/chats/types.ts'

const seed = 20261128

test('stop strings come back from the field as they were', () => {
  const stop = fc.string({
    minLength: 1,
    maxLength: 20,
    unit: fc.constantFrom('\n', '\r', '\t', '\\', 'n', ' ', 'a', '#'),
  })
  fc.assert(
    fc.property(fc.uniqueArray(stop, { maxLength: 16 }), (stops) => {
      expect(parsedStops(stopsText(stops))).toEqual(stops)
    }),
    { seed },
  )
})

test('whatever is typed, the stop strings are what a chat’s values may hold', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000, unit: fc.constantFrom('\n', '\\', 'n', 'a') }), (text) => {
      expect(sampling.shape.stopStrings.safeParse(parsedStops(text)).success).toBe(true)
    }),
    { seed },
  )
  expect(parsedStops('a'.repeat(201))).toEqual([])
})

test.each([
  ['', null],
  ['{}', null],
  ['{ "type": ["string", "null"] }', null],
  ['{ "properties": { "type": { "type": "string" } } }', null],
  ['{ "enum": [{ "type": "cat" }] }', null],
  ['{ "$ref": "#/$defs/a", "$defs": { "a": { "type": "integer" } } }', null],
  ['{ "type": "object" ', 'not-json'],
  ['[]', 'not-object'],
  ['"string"', 'not-object'],
  ['{ "type": "text" }', 'unknown-type'],
  ['{ "properties": { "a": { "items": { "type": "float" } } } }', 'unknown-type'],
  ['{ "$ref": "https://example.org/schema" }', 'outside-reference'],
  ['{ "anyOf": [{ "$ref": "#/$defs/b" }] }', 'missing-reference'],
  [`{ "title": "${'a'.repeat(100_000)}" }`, 'too-long'],
])('the schema %s has the problem %s', (text, kind) => {
  expect(schemaProblem(text)?.kind ?? null).toBe(kind)
})

test('no text makes the look at a schema fail', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      schemaProblem(text)
    }),
    { seed },
  )
})

test('every built-in preset holds values that a chat may have', () => {
  for (const { values } of Object.values(builtInPresets).flat()) {
    expect(sampling.partial().safeParse(values).success).toBe(true)
  }
})
