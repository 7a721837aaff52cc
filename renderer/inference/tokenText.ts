// One token as a person can read it: its spelling in the vocabulary turned back into text, spaces included. Decoding it alone would lose the space that
// SentencePiece drops at the start of a text, and a byte of a character of several would become U+FFFD.
import type { Tokenizer } from './tokenizer.ts'

/** Text of a token; a byte that is no character alone as `<0xE2>`. */
export type TokenText = (id: number) => string

/** Of a tokenizer whose spellings show which kind it is: `Ġ` is the space of byte-level vocabularies, `▁` that of SentencePiece. */
export function tokenTexts(tokenizer: Tokenizer): TokenText {
  const sample = Array.from(tokenizer.encode('a a'), (id) => tokenizer.idToToken(id)).join('')
  const read = sample.includes('Ġ') ? byteLevelText : sentencePieceText
  return (id) => read(tokenizer.idToToken(id))
}

export function sentencePieceText(spelling: string): string {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(spelling)?.[1]
  return byte === undefined ? spelling.replaceAll('▁', ' ') : byteText(Number.parseInt(byte, 16))
}

/** Every character of the spelling stands for a byte (`bytes_to_unicode` of GPT-2); added tokens are spelled as they are. */
export function byteLevelText(spelling: string): string {
  const bytes: number[] = []
  for (const character of spelling) {
    const byte = byteOfCharacter.get(character)
    if (byte === undefined) return spelling
    bytes.push(byte)
  }
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    text += length === 0 ? byteText(bytes[at] ?? 0) : utf8.decode(Uint8Array.from(bytes.slice(at, at + length)))
    at += Math.max(1, length)
  }
  return text
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes of the character that begins here; 0 where none does. */
function characterLength(bytes: readonly number[], at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      utf8.decode(Uint8Array.from(bytes.slice(at, at + length)))
      return length
    } catch {
      // Not whole yet, or no character.
    }
  }
  return 0
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
}

const byteOfCharacter: ReadonlyMap<string, number> = byteLevelAlphabet()

function byteLevelAlphabet(): ReadonlyMap<string, number> {
  const isItself = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
  const alphabet = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    alphabet.set(String.fromCodePoint(isItself(byte) ? byte : next), byte)
    if (!isItself(byte)) next += 1
  }
  return alphabet
}
