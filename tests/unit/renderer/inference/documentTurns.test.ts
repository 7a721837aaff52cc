// A document before a question: the model forgets its beginning, then the rest of it, and the newest question last.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitTurns, roomForPrompt } from '../../../../renderer/inference/fitPrompt.ts'
import { preparePrompt } from '../../../../renderer/inference/preparePrompt.ts'
import { inspectPrompt } from '../../../../renderer/inference/promptTokens.ts'
import { joinTurns } from '../../../../shared/prompts/joinTurns.ts'
import { renderTurns, type Turn } from '../../../../shared/prompts/renderTurns.ts'
import { manifestOf } from '../../../support/models.ts'

const seed = Date.now() % 1_000_000
console.info(`seed ${seed}`)
/** Counts words and separators as tokens. */
const countWords = (text: string) => text.match(/\s+|\S+/g)?.length ?? 0
const { prompt } = manifestOf('chat')
const budget = { contextTokens: 120, maxTokens: 60, prefixTokens: 1 }
const document = (words: number): Turn => ({
  role: 'user',
  text: Array.from({ length: words }, (_, index) => `word${index}`).join(' '),
  mayBeCut: true,
})
const question: Turn = { role: 'user', text: 'And then?' }
const answer: Turn = { role: 'assistant', text: 'He slept.' }

function fitted(turns: readonly Turn[]) {
  const found = fitTurns(prompt, turns, budget, countWords)
  if (found.kind === 'too-long') throw new Error('it fits')
  return found
}

test('of a document that is too long the end stays, whole words, before the question', () => {
  const { turns, omittedTurns, omittedCharacters, promptTokens } = fitted([document(500), question])
  expect(omittedTurns).toBe(0)
  expect(turns[0]?.text).toBe(document(500).text.slice(omittedCharacters))
  expect(turns[0]?.text).toMatch(/^word\d+ .* word499$/)
  expect(turns.slice(1)).toEqual([question])
  expect(promptTokens).toBeLessThanOrEqual(roomForPrompt(budget))
  expect(promptTokens).toBeGreaterThan(roomForPrompt(budget) - 4)
})

test('an exchange that comes after it is kept longer', () => {
  const { turns, omittedTurns } = fitted([document(500), question, answer, question])
  expect(omittedTurns).toBe(0)
  expect(turns.map(({ role }) => role)).toEqual(['user', 'user', 'assistant', 'user'])
  expect(turns.slice(1)).toEqual([question, answer, question])
})

test('where a question leaves no room for it, the document alone is forgotten', () => {
  const long: Turn = { role: 'user', text: 'why '.repeat(26).trim() }
  expect(fitted([document(40), long])).toMatchObject({ turns: [long], omittedTurns: 1, omittedCharacters: 0 })
})

test('the newest question is never left out, whatever the document and the turns between are', () => {
  const between = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.nat(300), between, fc.integer({ min: 1, max: 20 }), (words, lengths, last) => {
      const inner = lengths.flatMap((length): readonly Turn[] => [
        { role: 'user', text: 'why '.repeat(length) },
        { role: 'assistant', text: 'so '.repeat(length) },
      ])
      const all = [document(words), ...inner, { role: 'user', text: 'what '.repeat(last) } as const]
      const found = fitted(all)
      const rest = all.slice(found.omittedTurns)
      expect(found.turns.slice(1)).toEqual(rest.slice(1))
      expect(rest[0]?.text.slice(found.omittedCharacters)).toBe(found.turns[0]?.text)
      if (found.omittedCharacters > 0) expect(found.omittedTurns).toBe(0)
      const sent = renderTurns(prompt, joinTurns(found.turns)).reduce((sum, piece) => sum + countWords(piece), 1)
      expect(found.promptTokens).toBe(sent)
      expect(sent).toBeLessThanOrEqual(roomForPrompt(budget))
    }),
    { seed },
  )
})

test('document and question are sent as one turn; the document counts as what was said before', () => {
  const tokenizer = {
    encode: (text: string) => Int32Array.from(Array.from(text.match(/\s+|\S+/g) ?? [], (_, index) => index)),
    decode: () => '',
    idToToken: String,
  }
  const manifest = { ...manifestOf('chat'), contextTokens: 120 }
  const loaded = { tokenizer, specials: [], textOf: String }
  const asked = { kind: 'turns', turns: [document(10), question] } as const
  const { pieces } = preparePrompt(loaded, manifest, asked, 60)
  expect(pieces.filter(({ text }) => text.includes('And then?'))).toHaveLength(1)
  expect(pieces.find(({ text }) => text.includes('And then?'))?.text).toContain('word9\n\nAnd then?')
  const alone = inspectPrompt(loaded, manifest, { kind: 'turns', turns: [question] }, 60).parts
  const both = inspectPrompt(loaded, manifest, asked, 60).parts
  expect(both.last + both.system).toBe(alone.last + alone.system)
  expect(both.history).toBe(20)
})

test('who wants to be told instead is told', () => {
  const tokenizer = { encode: (text: string) => new Int32Array(countWords(text)), decode: () => '', idToToken: String }
  const manifest = { ...manifestOf('chat'), contextTokens: 120 }
  const asked = { kind: 'turns', turns: [document(500), question], whenFull: 'stop' } as const
  expect(() => preparePrompt({ tokenizer, specials: [] }, manifest, asked, 60)).toThrow('context-full')
})
