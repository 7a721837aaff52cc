// The wire format of protocol buffers, as much of it as reading needs (protobuf.dev/programming-guides/encoding).
import { CompileError } from '../../errors.ts'

/** A varint has `integer`; everything else has `bytes`, fixed-size numbers little-endian. */
export interface Field {
  readonly number: number
  readonly integer?: number
  readonly bytes?: Uint8Array
}

/** Fields in file order; bytes are views. Throws CompileError where the bytes are no message. */
export function* protocolFields(bytes: Uint8Array, file: string): Generator<Field> {
  let at = 0
  const fail = (problem: string) => new CompileError(file, `byte ${at}`, `expected a SentencePiece model, ${problem}`)
  const readVarint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw fail('it ends early')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw fail('a field runs beyond the end')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = readVarint()
    const number = Math.floor(tag / 8)
    const wire = tag % 8
    if (wire === 0) yield { number, integer: readVarint() }
    else if (wire === 1) yield { number, bytes: take(8) }
    else if (wire === 2) yield { number, bytes: take(readVarint()) }
    else if (wire === 5) yield { number, bytes: take(4) }
    else throw fail(`wire type ${wire} is unknown`)
  }
}
