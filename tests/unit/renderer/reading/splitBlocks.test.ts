// Cutting a text into blocks: by examples, and by texts of the characters that matter.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinSmall, splitBlocks } from '../../../../renderer/reading/splitBlocks.ts'

const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1_000_000)
console.info(`splitBlocks: seed ${seed}`)

const cut = (text: string) => splitBlocks(text).map(({ source }) => source.trim())

describe('a text is cut', () => {
  test.each<readonly [name: string, parts: readonly string[]]>([
    ['between paragraphs', ['one\nstill one', 'two']],
    ['behind and before headings', ['# One', 'text', '## Two', 'text']],
    ['around fences, at what is in them never', ['before', '```js\na\n\n# b\n\n- c\n```', 'behind']],
    ['around fences of tildes with backticks in them', ['~~~~\n```\n~~~\n~~~~', 'behind']],
    ['around formulas', ['before', '$$\na\n\nb\n$$', 'behind']],
    ['not within a loose list', ['- one\n\n- two\n\n  still two\n\n    - deep', 'behind']],
    ['between lists of different signs', ['- one', '* two']],
    ['not within a list with code in it', ['1. one\n\n   ```\n   a\n\n   b\n   ```\n\n2. two', 'behind']],
    ['not within a list with code on the line of its item', ['- ```\n  a\n\n  b\n  ```\n- two', 'behind']],
    ['not within raw HTML that goes on over empty lines', ['<pre>\n\n*a*\n\n</pre>', 'behind']],
    ['not within a footnote', ['[^1]: one\n\n    still one', 'behind']],
    ['not within a table', ['|a|b|\n|-|-|\n|1|2|', 'behind']],
    ['not within a quote', ['> a\n> b\n>\n> c', 'behind']],
  ])('%s', (_name, parts) => {
    expect(cut(parts.join('\n\n'))).toEqual(parts)
  })

  test('before a fence and behind it without an empty line', () => {
    expect(cut('text\n```\ncode\n```\nmore')).toEqual(['text', '```\ncode\n```', 'more'])
  })

  test('at an item of a list that grows too long', () => {
    const list = Array.from({ length: 400 }, (_, index) => `${index + 1}. item with some words in it`).join('\n')
    const parts = cut(list)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.every((part) => part.length < 8192 && /^\d+\. item/.test(part))).toBe(true)
  })
})

describe('a fence', () => {
  test('has a language, its code, and whether it is finished', () => {
    expect(splitBlocks('  ```python title="x"\n  a\n    b\n  ```\n')).toMatchObject([
      { kind: 'code', language: 'python', code: 'a\n  b', isClosed: true },
    ])
    expect(splitBlocks('```\na\n``')).toMatchObject([{ kind: 'code', language: '', code: 'a\n``', isClosed: false }])
  })

  test('does not end at a shorter or other one', () => {
    expect(splitBlocks('````\n```\n~~~~\n````')).toMatchObject([{ code: '```\n~~~~', isClosed: true }])
  })

  test('has no language that is none', () => {
    expect(splitBlocks('```"onload=x\na\n```')).toMatchObject([{ language: '' }])
  })
})

const pieces = [
  ...[
    '\n',
    '\n\n',
    '  ',
    '    ',
    'a',
    '`',
    '```',
    '~~~',
    '$$',
    '- ',
    '1. ',
    '> ',
    '# ',
    '|',
    '<pre>',
    '</pre>',
    '<!--',
    '-->',
  ],
  ...['[^1]:', '---', 'word', '*', '\t'],
]
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''))

test('nothing is lost and nothing changes place', () => {
  fc.assert(
    fc.property(text, (whole) => {
      expect(
        splitBlocks(whole)
          .map(({ source }) => source)
          .join(''),
      ).toBe(whole)
    }),
    { seed, numRuns: 5000 },
  )
})

test('small neighbours are joined, all of the text is still there, and what is joined stays so while the text grows', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (parts) => {
      const whole = parts.join('\n\n')
      const joined = joinSmall(splitBlocks(whole))
      expect(joined.map(({ source }) => source).join('')).toBe(whole)
      const longer = joinSmall(splitBlocks(`${whole}\n\nmore`))
      expect(longer.slice(0, Math.max(0, joined.length - 2))).toEqual(joined.slice(0, Math.max(0, joined.length - 2)))
    }),
    { seed, numRuns: 1000 },
  )
})

test('what is added at the end changes only the last two blocks', () => {
  fc.assert(
    fc.property(text, text, (start, end) => {
      const before = splitBlocks(start)
      const after = splitBlocks(start + end)
      // An empty line that turns out to be one, or a fence that turns out to be longer, is part of the last line still.
      expect(after.slice(0, Math.max(0, before.length - 2))).toEqual(before.slice(0, Math.max(0, before.length - 2)))
    }),
    { seed, numRuns: 5000 },
  )
})
