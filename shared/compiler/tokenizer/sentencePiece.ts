// Checks a SentencePiece tokenizer.model: a protocol buffer whose field 1, repeated, holds the pieces (sentencepiece_model.proto). Only its structure
// is read; the model itself is passed on as it is.
import { CompileError } from '../../errors.ts'
import type { TokenizerTraits } from './validate.ts'

/** Throws CompileError when the bytes are no such model or hold more pieces than the embedding has rows. */
export function validateSentencePiece(
  bytes: Uint8Array,
  vocabularySize: number,
  file = 'tokenizer.model',
): TokenizerTraits {
  let at = 0
  let pieces = 0
  const fail = (problem: string) => new CompileError(file, `byte ${at}`, problem)
  const readVarint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw fail('expected a SentencePiece model, it ends early')
  }
  const skip = (length: number) => {
    if (length > bytes.length - at) throw fail('expected a SentencePiece model, a field runs beyond the end')
    at += length
  }
  while (at < bytes.length) {
    const tag = readVarint()
    const wire = tag % 8
    if (Math.floor(tag / 8) === 1) pieces++
    if (wire === 0) readVarint()
    else if (wire === 1) skip(8)
    else if (wire === 2) skip(readVarint())
    else if (wire === 5) skip(4)
    else throw fail(`expected a SentencePiece model, wire type ${wire} is unknown`)
  }
  if (pieces === 0 || pieces > vocabularySize)
    throw new CompileError(file, 'pieces', `${pieces}, expected 1 to the ${vocabularySize} rows of the embedding`)
  return { postProcessing: 'byte_fallback', prependsSpace: true }
}
