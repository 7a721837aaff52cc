// A SentencePiece model (tokenizer.model, ice_text.model): a protocol buffer (google/sentencepiece, sentencepiece_model.proto). Field 1, repeated,
// holds the pieces, field 2 how they were trained, field 3 how text is normalized.
import { CompileError } from '../../errors.ts'
import { quoted } from '../checkpoint/json.ts'
import { byteName } from './pieces.ts'
import { type Field, protocolFields } from './protocolBuffer.ts'

export type PieceType = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte'

export interface Piece {
  /** SentencePiece's escaping: U+2581 stands for a space. */
  readonly text: string
  readonly score: number
  readonly type: PieceType
}

export interface SentencePieceModel {
  /** BPE merges the neighbours whose union scores highest; unigram takes the cut whose scores sum to the most. */
  readonly kind: 'bpe' | 'unigram'
  /** In id order. */
  readonly pieces: readonly Piece[]
  /** Characters without a piece become their UTF-8 bytes. */
  readonly byteFallback: boolean
  /** A compiled table of character replacements (NFKC and the like), or null. */
  readonly charsMap: Uint8Array | null
  /** A space is put before the text. */
  readonly addDummyPrefix: boolean
  /** Spaces at both ends are dropped and runs become one. */
  readonly removeExtraSpaces: boolean
}

/** By the number of the enumeration in sentencepiece_model.proto. */
const pieceTypes: Readonly<Record<number, PieceType>> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  4: 'user-defined',
  5: 'unused',
  6: 'byte',
}
const modelKinds: Readonly<Record<number, SentencePieceModel['kind']>> = { 1: 'unigram', 2: 'bpe' }

/** Throws CompileError when the bytes are no such model, or one of words or characters. */
export function readSentencePiece(bytes: Uint8Array, file: string): SentencePieceModel {
  const fields = [...protocolFields(bytes, file)]
  const inside = (number: number) => {
    const part = fields.findLast((field) => field.number === number)?.bytes
    return part === undefined ? [] : [...protocolFields(part, file)]
  }
  const trainer = inside(2)
  const normalizer = inside(3)
  const kind = modelKinds[integerOf(trainer, 3, 1)]
  if (kind === undefined)
    throw new CompileError(file, 'trainer_spec.model_type', `${integerOf(trainer, 3, 1)}, expected unigram or BPE`)
  const pieces = fields
    .filter(({ number, bytes: part }) => number === 1 && part !== undefined)
    .map(({ bytes: part }, id) => pieceOf(part as Uint8Array, id, file))
  checkPieces(pieces, file)
  const byteFallback = integerOf(trainer, 35, 0) !== 0
  if (byteFallback) checkBytes(pieces, file)
  const charsMap = normalizer.findLast(({ number }) => number === 2)?.bytes
  return {
    kind,
    pieces,
    byteFallback,
    charsMap: charsMap === undefined || charsMap.length === 0 ? null : charsMap,
    addDummyPrefix: integerOf(normalizer, 3, 1) !== 0,
    removeExtraSpaces: integerOf(normalizer, 4, 1) !== 0,
  }
}

function pieceOf(bytes: Uint8Array, id: number, file: string): Piece {
  const fields = [...protocolFields(bytes, file)]
  const text = decodeText(fields.findLast(({ number }) => number === 1)?.bytes ?? new Uint8Array(), id, file)
  const scoreBytes = fields.findLast(({ number }) => number === 2)?.bytes
  const score = scoreBytes?.length === 4 ? new DataView(Uint8Array.from(scoreBytes).buffer).getFloat32(0, true) : 0
  const type = pieceTypes[integerOf(fields, 3, 1)]
  if (type === undefined) throw new CompileError(file, `pieces[${id}]`, `${quoted(text)} is of an unknown type`)
  return { text, score, type }
}

function checkPieces(pieces: readonly Piece[], file: string): void {
  const seen = new Set<string>()
  for (const [id, { text, score, type }] of pieces.entries()) {
    const fail = (problem: string) => new CompileError(file, `pieces[${id}]`, `${quoted(text)}, ${problem}`)
    if (text === '') throw fail('expected a text that is not empty')
    if (seen.has(text)) throw fail('it stands twice')
    if (!Number.isFinite(score)) throw fail('expected a finite score')
    if (type === 'byte' && !/^<0x[0-9A-F]{2}>$/.test(text)) throw fail('expected a byte as <0x00> to <0xFF>')
    seen.add(text)
  }
  const unknown = pieces.filter(({ type }) => type === 'unknown').length
  if (pieces.length === 0 || unknown !== 1)
    throw new CompileError(
      file,
      'pieces',
      `${pieces.length} with ${unknown} for unknown text, expected exactly one such`,
    )
}

function checkBytes(pieces: readonly Piece[], file: string): void {
  const bytes = new Set(pieces.filter(({ type }) => type === 'byte').map(({ text }) => text))
  for (let byte = 0; byte < 256; byte++) {
    if (!bytes.has(byteName(byte))) throw new CompileError(file, 'pieces', `${byteName(byte)} is missing`)
  }
}

function integerOf(fields: readonly Field[], number: number, whenAbsent: number): number {
  return fields.findLast((field) => field.number === number)?.integer ?? whenAbsent
}

function decodeText(bytes: Uint8Array, id: number, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CompileError(file, `pieces[${id}]`, 'expected text in UTF-8', { cause })
  }
}
