// The tokenizer of a checkpoint: tokenizer.json or tokenizer.model as it is, or one made from tokenizer_vocab.json.
import { CompileError } from '../../errors.ts'
import type { ModelSource } from '../checkpoint/bytes.ts'
import { readBounded } from '../checkpoint/checkpoint.ts'
import { parseJson } from '../checkpoint/json.ts'
import { tokenizerFromPieces } from './fromPieces.ts'
import { decodePieces, piecesFile } from './pieces.ts'
import { validateSentencePiece } from './sentencePiece.ts'
import { type TokenizerTraits, validateTokenizer } from './validate.ts'

export interface StoredTokenizer {
  /** File name in the model folder. */
  readonly name: 'tokenizer.json' | 'tokenizer.model'
  readonly bytes: Uint8Array
  readonly traits: TokenizerTraits
  /** File of the checkpoint it was made from. */
  readonly input: string
}

const maximumBytes = 128 * 2 ** 20

/** Reads and validates. Throws CompileError when the folder has no tokenizer or a malformed one. */
export async function readTokenizer(
  source: ModelSource,
  vocabularySize: number,
  signal: AbortSignal,
): Promise<StoredTokenizer> {
  const names = await source.names()
  const read = async (name: string) => await readBounded(source, name, maximumBytes, signal)
  if (names.includes('tokenizer.json')) {
    const bytes = await read('tokenizer.json')
    const traits = validateTokenizer(parseJson(bytes, 'tokenizer.json'), vocabularySize)
    return { name: 'tokenizer.json', bytes, traits, input: 'tokenizer.json' }
  }
  if (names.includes('tokenizer.model')) {
    const bytes = await read('tokenizer.model')
    return {
      name: 'tokenizer.model',
      bytes,
      traits: validateSentencePiece(bytes, vocabularySize),
      input: 'tokenizer.model',
    }
  }
  if (names.includes(piecesFile)) {
    const tokenizer = tokenizerFromPieces(decodePieces(parseJson(await read(piecesFile), piecesFile)))
    const bytes = new TextEncoder().encode(`${JSON.stringify(tokenizer)}\n`)
    return {
      name: 'tokenizer.json',
      bytes,
      traits: validateTokenizer(tokenizer, vocabularySize, piecesFile),
      input: piecesFile,
    }
  }
  throw new CompileError('tokenizer.json', '', `not found, and neither tokenizer.model nor ${piecesFile}`)
}
