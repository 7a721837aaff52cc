// SentencePiece models turned into a tokenizer.json, run by web-llm's own tokenizer and compared with Google's SentencePiece, which web-llm
// carries as well and which reads the model as it is.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readSentencePiece, type SentencePieceModel } from '../../../shared/compiler/tokenizer/sentencePiece.ts'
import { corpus, randomText } from '../../support/corpus.ts'
import { llamaPieces as llama, withUserDefined } from '../../support/llamaPieces.ts'
import { randomSource } from '../../support/random.ts'
import { sentencePieceFile } from '../../support/sentencePieceModel.ts'
import { checkpointTokenizer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
const fixture = async (name: string) => await readFile(new URL(`../../fixtures/tokenizer/${name}`, import.meta.url))
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
  ['with user-defined pieces', sentencePieceFile(withUserDefined(llama, symbols)), null],
  ['unigram', sentencePieceFile(likelihoods(llama)), null],
  [
    'unigram without bytes, with user-defined pieces',
    sentencePieceFile(withUserDefined(likelihoods(withoutBytes(llama)), unlike)),
    null,
  ],
  // What SentencePiece was published with: unigram, nmt_nfkc. huggingface/tokenizers composes by grapheme where SentencePiece takes the longest match.
  ['the model of SentencePiece itself', await fixture('test_model.model'), /[\uff9e\uff9f]/],
])('%s', async (_, model, differing) => {
  const ours = await checkpointTokenizer({ 'tokenizer.model': model }, 33_000)
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
    for (let round = 0; round < 1000; round++) {
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
  const loaded = await checkpointTokenizer(files, 33_000)
  expect([...loaded.encode('<s>hello<|end_of_turn|></s>')]).toEqual([1, 22_172, 32_000, 2])
  // [PAD] lies beyond the rows, <pad> takes the next id, which lies there too.
  expect(loaded.getVocabSize()).toBe(32_001)
  const all = [...llama.pieces.map(({ text }) => text), '<|end_of_turn|>']
  expect(all.filter((text, id) => loaded.idToToken(id) !== text)).toEqual([])
  loaded.dispose()
})
