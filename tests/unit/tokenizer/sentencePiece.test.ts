// SentencePiece models turned into a tokenizer.json, run by web-llm's own tokenizer and compared with Google's SentencePiece, which web-llm
// carries as well and which reads the model as it is.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../shared/compiler/checkpoint/json.ts'
import { decodePieces } from '../../../shared/compiler/tokenizer/pieces.ts'
import { readTokenizer } from '../../../shared/compiler/tokenizer/readTokenizer.ts'
import {
  type Piece,
  readSentencePiece,
  type SentencePieceModel,
} from '../../../shared/compiler/tokenizer/sentencePiece.ts'
import { CompileError } from '../../../shared/errors.ts'
import { corpus, randomText } from '../../support/corpus.ts'
import { type MemoryFiles, memorySource } from '../../support/memorySource.ts'
import { randomSource } from '../../support/random.ts'
import { sentencePieceFile } from '../../support/sentencePieceModel.ts'
import { webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
const fixture = async (name: string) => await readFile(new URL(`../../fixtures/tokenizer/${name}`, import.meta.url))
const { pieces: texts, scores } = decodePieces(parseJson(await fixture('tokenizer_vocab.json'), ''))

const typeOf = (id: number): Piece['type'] => (id === 0 ? 'unknown' : id < 3 ? 'control' : id < 259 ? 'byte' : 'normal')
const llama: SentencePieceModel = {
  kind: 'bpe',
  pieces: texts.map((text, id) => ({ text, score: scores[id] as number, type: typeOf(id) })),
  byteFallback: true,
  charsMap: null,
  addDummyPrefix: true,
  removeExtraSpaces: false,
}
const symbol = (text: string): Piece => ({ text, score: 0, type: 'user-defined' })
const symbols = [
  '\n\n',
  '\t\t',
  '\u2581\u2581\u2581',
  '\u2581\u2581\u2581\u2581',
  '<n>',
  '<|tab|>',
  '(x)',
  '[a-z]+',
  'the',
  '日',
  '\u200d',
]

/** Llama's pieces with log-probabilities, as unigram models have them. Single characters stay unlikely, so that longer pieces win. */
function likelihoods(model: SentencePieceModel): SentencePieceModel {
  const next = randomSource(7)
  const pieces = model.pieces.map((piece) =>
    piece.type === 'normal'
      ? { ...piece, score: Math.fround(-4 - 10 * next() - ([...piece.text].length === 1 ? 4 : 0)) }
      : piece,
  )
  return { ...model, kind: 'unigram', pieces }
}

async function load(files: MemoryFiles, rows = 33_000) {
  const { bytes } = await readTokenizer(memorySource(files), rows, new AbortController().signal)
  return await tokenizers.fromJSON(Uint8Array.from(bytes).buffer)
}

const withSymbols = (model: SentencePieceModel, some = symbols): SentencePieceModel => ({
  ...model,
  pieces: [...model.pieces.filter(({ text }) => !some.includes(text)), ...some.map(symbol)],
})
// Three line breaks are a pair and a single one in either order; without a piece for the single one, that changes how many unknown ones there are.
const unlike = symbols.filter((text) => !/^(\s)\1$/.test(text))
const withoutBytes = (model: SentencePieceModel): SentencePieceModel => ({
  ...model,
  byteFallback: false,
  pieces: model.pieces.filter(({ type }) => type !== 'byte'),
})

describe.each<[string, Uint8Array, RegExp | null]>([
  ['Llama', sentencePieceFile(llama), null],
  ['without a space before the text', sentencePieceFile({ ...llama, addDummyPrefix: false }), null],
  ['with spaces trimmed and joined', sentencePieceFile({ ...llama, removeExtraSpaces: true }), null],
  ['without bytes', sentencePieceFile(withoutBytes(llama)), null],
  ['with user-defined pieces', sentencePieceFile(withSymbols(llama)), null],
  ['unigram', sentencePieceFile(likelihoods(llama)), null],
  [
    'unigram without bytes, with user-defined pieces',
    sentencePieceFile(withSymbols(likelihoods(withoutBytes(llama)), unlike)),
    null,
  ],
  // What SentencePiece was published with: unigram, nmt_nfkc. huggingface/tokenizers composes by grapheme where SentencePiece takes the longest match.
  ['the model of SentencePiece itself', await fixture('test_model.model'), /\p{M}|[\u1100-\u11ff\uff61-\uff9f]/u],
])('%s', async (_, model, differing) => {
  const ours = await load({ 'tokenizer.model': model })
  const theirs = await tokenizers.fromSentencePiece(Uint8Array.from(model).buffer)
  const comparable = (text: string) => text.toWellFormed().replace(/<unk>|<s>|<\/s>|\0/g, '')
  const { kind, byteFallback, removeExtraSpaces } = readSentencePiece(model, '')
  // Cuts of the same pieces score the same: rounding decides between them, and SentencePiece rounds to 32 bits.
  const order = (ids: Int32Array) => (kind === 'unigram' ? ids.toSorted() : ids)
  const check = (text: string) => {
    const ids = ours.encode(text)
    expect([text, ...order(ids)]).toEqual([text, ...order(theirs.encode(text))])
    // U+2581 is how SentencePiece writes a space.
    if (byteFallback && !removeExtraSpaces) expect(ours.decode(ids)).toBe(text.replaceAll('\u2581', ' '))
  }

  test('the corpus has the ids SentencePiece gives it and comes back whole', () => {
    const compared = corpus.map(comparable).filter((text) => differing?.test(text) !== true)
    expect(compared.length).toBeGreaterThan(corpus.length / 3)
    for (const text of compared) check(text)
  })

  test('random text has the ids SentencePiece gives it', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.log(`SentencePiece: seed ${seed}`)
    const next = randomSource(seed)
    for (let round = 0; round < 1500; round++) {
      const text = comparable(randomText(next))
      if (differing?.test(text) !== true) check(text)
    }
  })
})

test('special pieces and additions are one token each, and every id has its piece', async () => {
  const files = {
    'tokenizer.model': sentencePieceFile(llama),
    'added_tokens.json': JSON.stringify({ '<|end_of_turn|>': 32_000, '[PAD]': 40_000 }),
    'special_tokens_map.json': JSON.stringify({ bos_token: '<s>', eos_token: { content: '</s>' }, pad_token: '<pad>' }),
  }
  const loaded = await load(files)
  expect([...loaded.encode('<s>hello<|end_of_turn|></s>')]).toEqual([1, 22_172, 32_000, 2])
  // [PAD] lies beyond the rows, <pad> takes the next id, which lies there too.
  expect(loaded.getVocabSize()).toBe(32_001)
  const all = [...texts, '<|end_of_turn|>']
  expect(all.filter((text, id) => loaded.idToToken(id) !== text)).toEqual([])
  loaded.dispose()
})

describe('ChatGLM', () => {
  // Its own 64,789 pieces are not at hand: Llama's stand in, so the numbers are counted from 32,000.
  const config = (name: string) => JSON.stringify({ name_or_path: name, tokenizer_class: 'ChatGLMTokenizer' })
  test('the special tokens of ChatGLM3 follow the pieces, and sop is no part of words', async () => {
    const files = { 'tokenizer.model': sentencePieceFile(llama), 'tokenizer_config.json': config('THUDM/chatglm3-6b') }
    const loaded = await load(files)
    const own = [
      '[MASK]',
      '[gMASK]',
      '[sMASK]',
      'sop',
      'eop',
      '<|system|>',
      '<|user|>',
      '<|assistant|>',
      '<|observation|>',
    ]
    expect(own.map((_, index) => loaded.idToToken(32_000 + index))).toEqual(own)
    expect([...loaded.encode('[gMASK]<|user|>hello<|assistant|>')]).toEqual([32_001, 32_006, 22_172, 32_007])
    const plain = await load({ 'tokenizer.model': sentencePieceFile(llama) })
    for (const text of ['sop', 'sophisticated people', 'a sop eop'])
      expect(loaded.encode(text)).toEqual(plain.encode(text))
    plain.dispose()
    loaded.dispose()
  })

  test('ChatGLM2 has no roles', async () => {
    const files = { 'tokenizer.model': sentencePieceFile(llama), 'tokenizer_config.json': config('THUDM/chatglm2-6b') }
    const loaded = await load(files)
    expect(loaded.idToToken(32_004)).toBe('eop')
    expect(loaded.encode('<|user|>').length).toBeGreaterThan(3)
    loaded.dispose()
  })

  describe.each([0, 20_000])('6B with room for %i image tokens', async (images) => {
    const blanks = Array.from({ length: 79 }, (_, index) => `<|blank_${index + 2}|>`)
    const own = ['<n>', '<|tab|>', ...blanks, '[MASK]', '[gMASK]', '<sop>', '<eop>']
    const model = sentencePieceFile(withSymbols({ ...llama, removeExtraSpaces: true }, own))
    const files = { 'ice_text.model': model, 'tokenizer_config.json': JSON.stringify({ num_image_tokens: images }) }
    const ours = await load(files, 60_000)
    const theirs = await tokenizers.fromSentencePiece(Uint8Array.from(model).buffer)
    // tokenization_chatglm.py: _preprocess
    const prepared = (text: string) => {
      let result = text.replaceAll('\n', '<n>').replaceAll('\t', '<|tab|>')
      for (let length = 80; length > 1; length--) result = result.replaceAll(' '.repeat(length), `<|blank_${length}|>`)
      return result
    }
    test('line breaks, tabs and runs of spaces are pieces and come back', () => {
      for (const text of corpus.map((one) => one.toWellFormed().replaceAll('\0', ''))) {
        const ids = ours.encode(text)
        expect([text, ...ids]).toEqual([text, ...theirs.encode(prepared(text)).map((id) => id + images)])
        if (!/^ | $|<unk>|\u2581/.test(text)) expect(ours.decode(ids)).toBe(text)
      }
    })
  })
})

describe('a tokenizer.model', () => {
  const good = sentencePieceFile({ ...llama, pieces: llama.pieces.slice(0, 300) })
  const read = (bytes: Uint8Array) => () => readSentencePiece(bytes, 'tokenizer.model')
  const changed = (change: Partial<Piece>, id = 299) =>
    sentencePieceFile({
      ...llama,
      pieces: llama.pieces.slice(0, 300).with(id, { ...(llama.pieces[id] as Piece), ...change }),
    })

  test('is read back as it was written', () => {
    expect(read(good)()).toEqual({ ...llama, pieces: llama.pieces.slice(0, 300) })
  })
  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(), 'pieces: 0 with 0 for unknown text'],
    ['cut', good.slice(0, 100), 'byte 98: expected a SentencePiece model, a field runs beyond the end'],
    ['a length beyond the end', Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f), 'a field runs beyond the end'],
    ['a number without end', Uint8Array.from([0x08, ...Array.from({ length: 12 }, () => 0xff)]), 'it ends early'],
    ['an unknown wire type', Uint8Array.of(0x0b, 0), 'wire type 3 is unknown'],
    ['JSON', Buffer.from('{"model":{}}'), 'byte '],
    ['text', Buffer.from('SGVsbG8= 0\n'), 'byte '],
    ['of words', Uint8Array.of(0x12, 2, 0x18, 3), 'trainer_spec.model_type: 3, expected unigram or BPE'],
    ['a piece twice', changed({ text: '<s>' }), 'pieces[299]: "<s>", it stands twice'],
    ['an empty piece', changed({ text: '' }), 'pieces[299]: "", expected a text'],
    ['a score that is no number', changed({ score: Number.NaN }), 'pieces[299]: '],
    ['a byte missing', changed({ text: 'q', type: 'normal' }, 77), 'pieces: <0x4A> is missing'],
    ['a false byte', changed({ text: '<0x-1>' }, 77), 'pieces[77]: "<0x-1>", expected a byte'],
    ['two unknown pieces', changed({ type: 'unknown' }), 'pieces: 300 with 2 for unknown text'],
  ])('is refused when it is %s', (_, bytes, problem) => {
    expect(read(bytes)).toThrow(CompileError)
    expect(read(bytes)).toThrow(/^tokenizer\.model: /)
    expect(read(bytes)).toThrow(problem)
  })
  test('has more pieces than the embedding has rows', async () => {
    await expect(load({ 'tokenizer.model': good }, 299)).rejects.toThrow(
      'tokenizer.model: pieces: 300, expected 1 to the 299 rows of the embedding',
    )
  })
  test('is read or refused, however damaged', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.log(`damaged models: seed ${seed}`)
    const next = randomSource(seed)
    for (let round = 0; round < 300; round++) {
      const damaged = Uint8Array.from(good)
      for (let change = 0; change < 3; change++) damaged[Math.floor(next() * damaged.length)] = Math.floor(next() * 256)
      try {
        expect(read(damaged)().pieces.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(CompileError)
      }
    }
  })
})
