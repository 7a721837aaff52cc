// The expressions by which a tokenizer.json cuts text: each is refused, or web-llm's own tokenizer compiles it and runs to an end.
import { expect, test } from 'vitest'
import { expressionProblem } from '../../../shared/compiler/tokenizer/expression.ts'
import { corpus } from '../../support/corpus.ts'
import { loads, split, tokenizer } from '../../support/tokenizerSteps.ts'
import { jsonBuffer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()

test.each([
  '\\p{Han}+',
  '[一-龥]+',
  '(?<=a)b',
  '\\p{Script=Han}',
  '(',
  'a)',
  '[]',
  '[^]',
  '[a',
  'a**',
  '+a',
  'a|+',
  '\\u4e00',
  '\\x{1f600}',
  '[z-a]',
  'a{3,1}',
  'a{2}{3}',
  '()',
  '(?:)+',
  '(?:a|)',
  '\\8',
  '\\/',
  '[\\-a]',
  'a++',
  'a{,3}',
  '{',
  '}',
  'a{',
  '[[:alpha:]]',
  '[a&&b]',
  '[a-]',
  '[-a]',
  '$+',
  '\\b+',
  '(?!a)+',
  '(?=a)*',
  '\\A*',
  '[\\w-a]',
  '[a-\\d]',
  '[^\\]]',
  '\\R',
  '(?i)a',
  '(?i:a)',
  '(?z:a)',
  '(?<n>a)\\k<n>',
  '(a)\\1',
  '^*',
  '$*',
  '\\',
  '[\\',
  '[a-\\x{7a}]',
  '(?#c)',
  '(?>a)',
  '(?',
  '(?<a',
  '\\p{Nope}',
  '\\p{^L}',
  'a{100000}',
  'a{1,}',
  '.*?',
  '(?<!a)b',
])('the expression %j is refused, or web-llm compiles it', async (expression) => {
  const accepted = expressionProblem(expression) === null
  const fails = accepted && !(await loads(tokenizer({ pre_tokenizer: split(expression) })))
  expect(fails).toBe(false)
})

test('expressions that would search without end are refused', () => {
  for (const expression of [
    '(a+)+',
    '(a*)*b',
    '(?:a|b+)*',
    '((a+)b?){2,}',
    '(x(?:\\w+)?)+$',
    '([a-z]+)+$',
    'a'.repeat(70_000),
  ])
    expect([expression, expressionProblem(expression)]).not.toEqual([expression, null])
})

test('expressions that are accepted run on every text of the corpus', async () => {
  const loaded = await tokenizers.fromJSON(
    jsonBuffer(tokenizer(Object.fromEntries([['pre_tokenizer', split(' ?[^(\\s|[.,!?…。，、।۔،])]+')]]))),
  )
  for (const text of corpus) expect(loaded.encode(text.toWellFormed()).length).toBeGreaterThan(0)
  loaded.dispose()
})
