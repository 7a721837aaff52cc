import { describe, expect, test } from 'vitest'
import { byteName, decodePieces } from '../../../shared/compiler/tokenizer/pieces.ts'
import { validateTokenizer } from '../../../shared/compiler/tokenizer/validate.ts'
import { CompileError } from '../../../shared/errors.ts'
import { smallTokenizer } from '../../support/referenceCheckpoint.ts'
import { jsonBuffer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

type Json = Record<string, unknown>
interface Loose extends Json {
  model: Json & { vocab: Record<string, unknown>; merges: unknown[] }
  added_tokens: Json[]
}
const changed = (change: (tokenizer: Loose) => void) => {
  const tokenizer = structuredClone(smallTokenizer()) as unknown as Loose
  change(tokenizer)
  return tokenizer
}

test('the tokenizer these cases start from is valid, and web-llm loads it', async () => {
  expect(validateTokenizer(smallTokenizer(), 256)).toEqual({ postProcessing: 'byte_fallback', prependsSpace: true })
  const loaded = await (await webLlmTokenizers()).fromJSON(jsonBuffer(smallTokenizer()))
  expect([...loaded.encode('ab')]).toEqual([6, 5])
  loaded.dispose()
})

describe('a tokenizer.json is refused by the name of its field:', () => {
  test.each<[string, (tokenizer: Loose) => void, string]>([
    [
      'no model',
      (t) => {
        delete (t as Json).model
      },
      'model: expected an object',
    ],
    [
      'a WordPiece model',
      (t) => {
        t.model.type = 'WordPiece'
      },
      'model.type: "\\"WordPiece\\"", expected "BPE" or "Unigram"',
    ],
    [
      'a vocabulary that is a list',
      (t) => {
        t.model.vocab = [] as never
      },
      'model.vocab: expected an object',
    ],
    [
      'an id that is negative',
      (t) => {
        t.model.vocab.x = -1
      },
      'model.vocab["x"]: "-1"',
    ],
    [
      'an id that is a fraction',
      (t) => {
        t.model.vocab.x = 1.5
      },
      'model.vocab["x"]: "1.5"',
    ],
    [
      'an id that is a text',
      (t) => {
        t.model.vocab.x = '7'
      },
      'model.vocab["x"]',
    ],
    [
      'an id beyond the embedding',
      (t) => {
        t.model.vocab.x = 256
      },
      'below the 256 rows',
    ],
    [
      'an id twice',
      (t) => {
        t.model.vocab.x = 4
      },
      'model.vocab["x"]: has the id 4 of "a"',
    ],
    [
      'a byte token with a sign',
      (t) => {
        t.model.vocab['<0x-1>'] = 200
      },
      'model.vocab["<0x-1>"]: "<0x-1>", expected a byte',
    ],
    [
      'a byte token without hexadecimal digits',
      (t) => {
        t.model.vocab['<0xZZ>'] = 200
      },
      '<0xZZ>',
    ],
    [
      'a byte token of one digit',
      (t) => {
        t.model.vocab['<0x1>'] = 200
      },
      '<0x1>',
    ],
    [
      'a token of 10 MB',
      (t) => {
        t.model.vocab['x'.repeat(10_000_000)] = 200
      },
      'a token of 10000000 characters',
    ],
    [
      'merges that are no list',
      (t) => {
        t.model.merges = {} as never
      },
      'model.merges: expected a list',
    ],
    [
      'a merge whose left half is missing',
      (t) => {
        t.model.merges.push('q a')
      },
      'model.merges[2]: "q" is not in the vocabulary',
    ],
    [
      'a merge whose right half is missing',
      (t) => {
        t.model.merges.push('a q')
      },
      'model.merges[2]: "q" is not',
    ],
    [
      'a merge whose union is missing',
      (t) => {
        t.model.merges.push(['b', 'b'])
      },
      'model.merges[2]: "bb" is not',
    ],
    [
      'a merge of three parts',
      (t) => {
        t.model.merges.push('a b a')
      },
      'model.merges[2]: "\\"a b a\\"", expected two token texts',
    ],
    [
      'a merge with nothing',
      (t) => {
        t.model.merges.push('a ')
      },
      'model.merges[2]',
    ],
    [
      'a merge that is a number',
      (t) => {
        t.model.merges.push(5)
      },
      'model.merges[2]: "5"',
    ],
    [
      'a merge twice',
      (t) => {
        t.model.merges.push(['a', 'b'])
      },
      'model.merges[2]: "a b" stands twice',
    ],
    [
      'an unknown token that is unknown',
      (t) => {
        t.model.unk_token = '<nope>'
      },
      'model.unk_token: "\\"<nope>\\"" is not in the vocabulary',
    ],
    [
      'added tokens that are no list',
      (t) => {
        t.added_tokens = {} as never
      },
      'added_tokens: expected a list',
    ],
    [
      'an added token without text',
      (t) => {
        t.added_tokens.push({ id: 3, content: '' })
      },
      'added_tokens[1]: expected an object with id and content',
    ],
    [
      'an added token with an absurd id',
      (t) => {
        t.added_tokens.push({ id: 2 ** 24, content: '<x>' })
      },
      'added_tokens[1].id: "16777216"',
    ],
    [
      'an added token with a negative id',
      (t) => {
        t.added_tokens.push({ id: -1, content: '<x>' })
      },
      'added_tokens[1].id',
    ],
    [
      'an added token twice',
      (t) => {
        t.added_tokens.push({ id: 5, content: '<unk>' })
      },
      'added_tokens[1]: "<unk>" stands twice',
    ],
    [
      'a unigram score that is no number',
      (t) => {
        t.model = { type: 'Unigram', vocab: [['a', 'b']] } as never
      },
      'model.vocab[0]',
    ],
    [
      'an unknown unigram id',
      (t) => {
        t.model = { type: 'Unigram', vocab: [['a', 0]], unk_id: 1 } as never
      },
      'model.unk_id',
    ],
    [
      'too many unigram pieces',
      (t) => {
        t.model = { type: 'Unigram', vocab: Array.from({ length: 257 }, () => ['a', 0]) } as never
      },
      '257 tokens',
    ],
  ])('%s', (_, change, problem) => {
    const tokenizer = changed(change)
    const validate = () => validateTokenizer(tokenizer, 256)
    expect(validate).toThrow(CompileError)
    expect(validate).toThrow('tokenizer.json: ')
    expect(validate).toThrow(problem)
  })

  test('no object at all', () => {
    for (const value of [null, [], 'x', 5])
      expect(() => validateTokenizer(value, 256)).toThrow('expected a JSON object')
  })
})

test('prototype names are tokens like others', () => {
  const tokenizer = JSON.parse(
    JSON.stringify(smallTokenizer()).replace('"vocab":{', '"vocab":{"__proto__":200,"constructor":201,'),
  )
  expect(validateTokenizer(tokenizer, 256).postProcessing).toBe('byte_fallback')
})

describe('pieces are refused by the name of their field:', () => {
  const pieces = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => byteName(byte)), 'a']
  const good = {
    type: 'sentencepiece-bpe',
    add_dummy_prefix: true,
    byte_fallback: true,
    unk_id: 0,
    bos_id: 1,
    eos_id: 2,
    pieces,
    scores: pieces.map((_, id) => -id),
  }
  test('the pieces these cases start from are good', () => {
    expect(decodePieces(good).pieces.length).toBe(260)
  })
  test.each<[string, object, string]>([
    ['another kind', { type: 'wordpiece' }, 'type: expected "sentencepiece-bpe"'],
    ['no byte fallback', { byte_fallback: false }, 'byte_fallback: expected true'],
    ['no leading space', { add_dummy_prefix: false }, 'add_dummy_prefix: expected true'],
    ['no pieces', { pieces: [] }, 'pieces: expected a list'],
    ['scores too short', { scores: [0] }, 'scores: expected a list of 260 numbers'],
    ['a score that is no number', { scores: good.scores.with(5, Number.NaN) }, 'scores[5]: expected a finite number'],
    ['an empty piece', { pieces: pieces.with(259, '') }, 'pieces[259]: expected a text'],
    ['a piece twice', { pieces: pieces.with(259, '<s>') }, 'pieces[259]: "<s>" stands twice'],
    ['a false byte', { pieces: pieces.with(259, '<0x-1>') }, 'pieces[259]: "<0x-1>", expected a byte'],
    ['a byte missing', { pieces: pieces.with(3, 'b') }, 'pieces: <0x00> is missing'],
    ['an unknown id beyond the pieces', { unk_id: 260 }, 'unk_id: expected an id below 260'],
    ['a negative id', { bos_id: -1 }, 'bos_id'],
    ['a fractional id', { eos_id: 0.5 }, 'eos_id'],
  ])('%s', (_, change, problem) => {
    expect(() => decodePieces({ ...good, ...change })).toThrow(`tokenizer_vocab.json: ${problem}`)
  })
})
