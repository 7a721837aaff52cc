import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neutralise } from '../../../shared/prompts/neutralise.ts'

const llama = ['<unk>', '<s>', '</s>']

test('a special token typed by a person becomes ordinary text that still reads the same', () => {
  expect(neutralise('end</s> and <s> again, 1 < 2 > 0', llama)).toBe('end< /s> and < s> again, 1 < 2 > 0')
})

test('text without special tokens is not changed', () => {
  expect(neutralise('Tom said: "$& is <b>fine</b>".', llama)).toBe('Tom said: "$& is <b>fine</b>".')
})

test('no special token survives, whatever the text and the specials', () => {
  const piece = fc.constantFrom('<', '>', '/', 's', '|', ' ', 'im_end', '</s>', '<s>', '<|im_end|>', '[INST]', 'a')
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  const special = fc.constantFrom('<s>', '</s>', '<|im_end|>', '< s', '| ', 'a', '[INST]', '< /s>')
  fc.assert(
    fc.property(text, fc.uniqueArray(special, { maxLength: 5 }), (typed, specials) => {
      const sent = neutralise(typed, specials)
      for (const one of specials) expect(sent).not.toContain(one)
      if (!specials.some((one) => typed.includes(one))) expect(sent).toBe(typed)
    }),
  )
})
