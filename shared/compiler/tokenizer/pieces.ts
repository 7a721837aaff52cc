// A SentencePiece BPE vocabulary as plain data: pieces with scores, in id order. Read from `tokenizer_vocab.json`.
import { CompileError } from '../../errors.ts'
import { quoted } from '../checkpoint/json.ts'

export interface Pieces {
  /** Id -> text, SentencePiece's escaping: U+2581 stands for a space. */
  readonly pieces: readonly string[]
  /** The pair whose union scores highest is merged first. */
  readonly scores: readonly number[]
  readonly unknownId: number
  readonly bosId: number
  readonly eosId: number
}

export const piecesFile = 'tokenizer_vocab.json'
const maximumPieces = 4_194_304
const bytePiece = /^<0x[0-9A-F]{2}>$/

/** Decodes parsed JSON. Throws CompileError on missing, repeated or malformed pieces, scores or ids, and without all 256 byte pieces. */
export function decodePieces(value: unknown, file: string = piecesFile): Pieces {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const fail = (field: string, problem: string) => new CompileError(file, field, problem)
  if (fields.type !== 'sentencepiece-bpe') throw fail('type', 'expected "sentencepiece-bpe"')
  if (fields.byte_fallback !== true) throw fail('byte_fallback', 'expected true')
  if (fields.add_dummy_prefix !== true) throw fail('add_dummy_prefix', 'expected true')
  const { pieces, scores } = fields
  if (!Array.isArray(pieces) || pieces.length === 0 || pieces.length > maximumPieces)
    throw fail('pieces', `expected a list of 1 to ${maximumPieces} texts`)
  if (!Array.isArray(scores) || scores.length !== pieces.length)
    throw fail('scores', `expected a list of ${pieces.length} numbers, one per piece`)
  const seen = new Set<string>()
  for (const [id, piece] of pieces.entries()) {
    if (typeof piece !== 'string' || piece === '') throw fail(`pieces[${id}]`, 'expected a text that is not empty')
    if (/^<0x.*>$/.test(piece) && !bytePiece.test(piece))
      throw fail(`pieces[${id}]`, `${quoted(piece)}, expected a byte as <0x00> to <0xFF>`)
    if (seen.has(piece)) throw fail(`pieces[${id}]`, `${quoted(piece)} stands twice`)
    seen.add(piece)
    if (!Number.isFinite(scores[id])) throw fail(`scores[${id}]`, 'expected a finite number')
  }
  for (let byte = 0; byte < 256; byte++) {
    const piece = byteName(byte)
    if (!seen.has(piece)) throw fail('pieces', `${piece} is missing`)
  }
  const special = (name: string) => {
    const id = fields[name]
    if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= pieces.length)
      throw fail(name, `expected an id below ${pieces.length}`)
    return id as number
  }
  return { pieces, scores, unknownId: special('unk_id'), bosId: special('bos_id'), eosId: special('eos_id') }
}

export function byteName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
}
