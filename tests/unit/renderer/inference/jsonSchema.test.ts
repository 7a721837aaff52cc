// Which JSON schemas are taken: each keyword against the grammar that web-llm's own compiler makes of it.
import { expect, test } from 'vitest'
import { schemaObstacle } from '../../../../renderer/inference/jsonSchema.ts'
import { webLlmGrammar } from '../../../support/webLlmGrammar.ts'

/** A schema, a value it allows and one it forbids. */
const cases: readonly (readonly [schema: object, good: unknown, bad: unknown])[] = [
  [{ type: 'string', minLength: 2, maxLength: 3 }, 'ab', 'abcd'],
  [{ type: 'string', pattern: '^a+$' }, 'aa', 'b'],
  [{ type: 'string', format: 'email' }, 'a@b.cc', 'x'],
  [{ type: 'string', format: 'date' }, '2020-01-01', 'x'],
  [{ type: 'string', format: 'nonsense' }, 'x', 'x'],
  [{ type: 'integer', minimum: 3 }, 4, 2],
  [{ type: 'integer', maximum: 3 }, 2, 7],
  [{ type: 'integer', exclusiveMinimum: 3 }, 4, 3],
  [{ type: 'number', minimum: 3 }, 4, 2],
  [{ type: 'number', maximum: 3 }, 2.5, 7.5],
  [{ type: 'integer', multipleOf: 3 }, 3, 4],
  [{ not: { type: 'string' } }, 1, 'a'],
  [{ if: { type: 'string' }, else: { const: 1 } }, 'a', 2],
  [{ allOf: [{ type: 'integer' }] }, 1, 'b'],
  [{ allOf: [{ type: 'integer' }, { minimum: 3 }] }, 4, 1],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, null, 'a'],
  [{ oneOf: [{ type: 'integer' }, { type: 'null' }] }, null, 'a'],
  [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 1.5, 1],
  [{ type: ['integer', 'null'] }, null, 'a'],
  [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 2], [1]],
  [{ type: 'array', items: { type: 'integer' }, maxItems: 2 }, [1, 2], [1, 2, 3]],
  [{ type: 'array', uniqueItems: true }, [1, 2], [1, 1]],
  [{ type: 'array', contains: { type: 'string' } }, ['a'], [1]],
  [{ type: 'array', prefixItems: [{ type: 'integer' }] }, [1], ['a']],
  [{ type: 'array', prefixItems: [{ type: 'integer' }], items: false }, [1], [1, 2]],
  [{ type: 'object', minProperties: 1 }, { a: 1 }, {}],
  [{ type: 'object', maxProperties: 1 }, { a: 1 }, { a: 1, b: 2 }],
  [{ type: 'object', propertyNames: { pattern: '^a$' } }, { a: 1 }, { b: 1 }],
  [{ type: 'object', patternProperties: { '^a$': { type: 'integer' } } }, { a: 1 }, { a: 'x' }],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, { a: 1 }, { a: 'x' }],
  [{ type: 'object', properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 'x' }],
  [{ type: 'object', properties: { a: {}, b: {} }, required: ['b'] }, { b: 1 }, { a: 'x' }],
  [{ type: 'object', properties: { a: {}, b: {} }, required: ['b'] }, { a: 1, b: 1 }, { a: 'x' }],
  [{ type: 'object', required: ['b'] }, { b: 1 }, { a: 'x' }],
  [{ type: 'object', properties: { a: {}, b: {} }, dependentRequired: { a: ['b'] } }, { a: 1, b: 1 }, { a: 'x' }],
  [{ type: 'object', properties: { a: {}, b: {} }, minProperties: 1 }, { a: 1 }, {}],
  [{ type: 'object', properties: { a: {}, b: {} }, maxProperties: 1 }, { a: 1 }, { a: 1, b: 1 }],
  [{ enum: [1, 'a', null] }, 'a', 'b'],
  [{ const: { a: [1] } }, { a: [1] }, 2],
  [{ $defs: { x: { type: 'integer' } }, $ref: '#/$defs/x' }, 1, 'a'],
  [{ $id: 'https://x/y', $ref: 'https://x/y#/z' }, 1, 'a'],
  [{ $ref: 'other.json' }, 1, 'a'],
  [{ $anchor: 'a', type: 'object', properties: { n: { $ref: '#a' } } }, {}, { n: 1 }],
  [{ type: 'integer', properties: { a: { type: 'integer' } } }, 1, { a: 'x' }],
  [{ properties: { a: { type: 'integer' } } }, { a: 1 }, { a: 'x' }],
  [{ minLength: 3 }, 'abc', 'a'],
  [{ minimum: 3 }, 4, 2],
  [{ minItems: 1 }, [1], []],
  [{ pattern: '^a$' }, 'a', 'b'],
  [{ required: ['a'] }, { a: 1 }, {}],
  [{ items: { type: 'integer' } }, [1], ['a']],
  [{ type: 'string', enum: ['a', 'b'], maxLength: 1, const: 'a' }, 'a', 'b'],
  [{ type: 'object', properties: { a: { type: 'integer' } }, anyOf: [{ required: ['a'] }] }, { a: 1 }, {}],
  [{ type: 'object', unevaluatedProperties: false, properties: { a: {} } }, { a: 1 }, { b: 1 }],
  [{ type: 'object', properties: { a: {} }, additionalProperties: true }, { b: 1 }, 1],
  [{ type: 'object', properties: { a: {} } }, { a: 1 }, { b: 1 }],
  [{ type: 'array', additionalItems: false, items: [{ type: 'integer' }] }, [1], [1, 2]],
  [{ type: 'object', dependencies: { a: ['b'] }, properties: { a: {}, b: {} } }, { b: 1 }, { a: 1 }],
  [{ type: 'integer', enum: ['a'] }, 'a', 1],
  [{ $ref: '#/$defs/x', minimum: 3, $defs: { x: { type: 'integer' } } }, 4, 1],
  [{ anyOf: [{ type: 'integer' }], type: 'string' }, 1, 'a'],
  [{ type: 'string', maxLength: 3, pattern: '^a+$' }, 'aaa', 'aaaa'],
  [{ type: 'integer', minimum: 0 }, 5, -1],
  [{ type: 'integer', minimum: 13 }, 13, 12],
  [{ type: 'integer', minimum: 3, maximum: 80 }, 80, 81],
  [{ type: 'number', minimum: 0, maximum: 1 }, 0.5, 1.5],
  [{ type: 'number', exclusiveMinimum: 0 }, 0.5, 0],
  [{ type: 'array' }, [1], 1],
  [{ type: 'object', properties: { a: { $ref: '#' } } }, { a: {} }, { a: 1 }],
  [{ type: 'string', format: 'ipv4' }, '1.2.3.4', 'x'],
  [{ type: 'string', title: 'A', default: 'b', 'x-order': 3 }, 'a', 1],
]

test('what a schema forbids cannot be written, or the schema is refused', async () => {
  const accepts = await webLlmGrammar()
  const wrong: unknown[] = []
  let taken = 0
  for (const [schema, good, bad] of cases) {
    if (schemaObstacle(schema) !== null) continue
    taken += 1
    const texts = [good, bad].map((value) => JSON.stringify(value))
    const [allowed, forbidden] = await accepts(JSON.stringify(schema), texts)
    if (!allowed || forbidden) wrong.push({ schema, allowed, forbidden })
  }
  expect(wrong).toEqual([])
  expect(taken).toBeGreaterThan(30)
})

test('an obstacle is named with its place', () => {
  const schema = { type: 'object', properties: { age: { type: 'integer', multipleOf: 3 } } }
  expect(schemaObstacle(schema)).toBe('/properties/age: "multipleOf" cannot be kept to here')
  expect(schemaObstacle({ type: 'text' })).toBe('the schema: there is no type "text"')
  expect(schemaObstacle(false)).toBe('the schema: false allows no value')
  expect(schemaObstacle({ anyOf: [{ type: 'string' }, { not: {} }] })).toBe('/anyOf/1: "not" cannot be kept to here')
  expect(schemaObstacle({ type: 'string', pattern: '((' })).toBe('the schema: "pattern" is no regular expression')
  expect(schemaObstacle([])).toBe('the schema: a schema is an object or true')
})
