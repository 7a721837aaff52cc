import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../../shared/compiler/checkpoint/json.ts'

const parse = (text: string) => parseJson(new TextEncoder().encode(text), 'config.json')

test.each(
  [
    ['{"a":1,"a":2}', 'the key "a" stands twice'],
    ['{"a":1,"\\u0061":2}', 'the key "a" stands twice'],
    ['{"x":{"b":[{"c":1 , "c"\n:2}]}}', 'the key "c" stands twice'],
    ['{"__proto__":1,"__proto__":2}', 'the key "__proto__" stands twice'],
    ['{"a":1}x', 'expected JSON'],
    ['\uFEFF{}', 'expected JSON'],
    ['', 'expected JSON'],
    ["{'a':1}", 'expected JSON'],
    ['[NaN]', 'expected JSON'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'nested more than 64 levels deep'],
    [`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 'nested more than 64 levels deep'],
  ].map(([text = '', problem = '']) => ({ start: text.slice(0, 40), text, problem })),
)('$start is refused', ({ text, problem }) => {
  expect(() => parse(text)).toThrow(problem)
})

test('bytes that are not UTF-8 are refused', () => {
  expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'config.json')).toThrow('config.json: expected JSON in UTF-8')
})

test('strings that look like keys are no keys', () => {
  expect(parse('["a","a",{"b":"a:","c":"{\\"b\\":1}"},{"b":0}]')).toEqual([
    'a',
    'a',
    { b: 'a:', c: '{"b":1}' },
    { b: 0 },
  ])
})

test('whatever JSON.stringify writes is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { verbose: 1 },
  )
})

test('a repeated key is found wherever it is put in', () => {
  const key = fc.string({ maxLength: 8 })
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.jsonValue(), { minKeys: 1 }),
      fc.nat(),
      fc.nat({ max: 5 }),
      (object, pick, depth) => {
        const keys = Object.keys(object)
        const doubled = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(keys[pick % keys.length])}:0}`
        expect(() => parse('['.repeat(depth) + doubled + ']'.repeat(depth))).toThrow('stands twice')
      },
    ),
    { verbose: 1 },
  )
})
