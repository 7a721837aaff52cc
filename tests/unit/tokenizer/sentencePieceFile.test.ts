// The file format of SentencePiece models: read as written, refused when damaged.
import { describe, expect, test } from 'vitest'
import { type Piece, readSentencePiece } from '../../../shared/compiler/tokenizer/sentencePiece.ts'
import { CompileError } from '../../../shared/errors.ts'
import { llamaPieces as llama } from '../../support/llamaPieces.ts'
import { randomSource } from '../../support/random.ts'
import { sentencePieceFile } from '../../support/sentencePieceModel.ts'
import { checkpointTokenizer } from '../../support/webLlmTokenizer.ts'

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
    await expect(checkpointTokenizer({ 'tokenizer.model': good }, 299)).rejects.toThrow(
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
