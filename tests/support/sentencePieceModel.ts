// Writes a SentencePiece model as the library itself would store it (sentencepiece_model.proto), for the library inside web-llm to read.
import type { Piece, SentencePieceModel } from '../../shared/compiler/tokenizer/sentencePiece.ts'

const pieceTypes: readonly Piece['type'][] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte']

export function sentencePieceFile(model: SentencePieceModel): Uint8Array<ArrayBuffer> {
  const special = (text: string) => model.pieces.findIndex((piece) => piece.text === text)
  const trainer = message(
    integer(3, model.kind === 'unigram' ? 1 : 2),
    integer(35, Number(model.byteFallback)),
    integer(
      40,
      model.pieces.findIndex(({ type }) => type === 'unknown'),
    ),
    integer(41, special('<s>')),
    integer(42, special('</s>')),
    integer(43, -1),
  )
  const normalizer = message(
    text(1, model.charsMap === null ? 'identity' : 'nmt_nfkc'),
    bytes(2, model.charsMap ?? new Uint8Array()),
    integer(3, Number(model.addDummyPrefix)),
    integer(4, Number(model.removeExtraSpaces)),
    integer(5, 1),
  )
  return Uint8Array.from([
    ...model.pieces.flatMap((piece) => [...bytes(1, pieceMessage(piece))]),
    ...bytes(2, trainer),
    ...bytes(3, normalizer),
  ])
}

function pieceMessage({ text: content, score, type }: Piece): Uint8Array {
  const value = new Uint8Array(Float32Array.of(score).buffer)
  return message(text(1, content), [2 * 8 + 5, ...value], integer(3, pieceTypes.indexOf(type) + 1))
}

function message(...fields: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(fields.flat())
}

function integer(number: number, value: number): readonly number[] {
  return [...varint(number * 8), ...varint(value)]
}

function text(number: number, value: string): readonly number[] {
  return bytes(number, new TextEncoder().encode(value))
}

function bytes(number: number, value: Uint8Array): readonly number[] {
  return [...varint(number * 8 + 2), ...varint(value.length), ...value]
}

/** Negative numbers as their two's complement of 64 bits. */
function varint(value: number): readonly number[] {
  const groups: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    groups.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return groups
}
