// Putting tables together: records of little-endian fields, and a growing block of bytes with absolute addresses.

export interface Place {
  readonly address: number
  readonly size: number
}

/** Bytes at growing addresses; equal contents are stored once. */
export class Blob {
  readonly #parts: Uint8Array[] = []
  readonly #known = new Map<string, number>()
  readonly #start: number
  #next: number

  constructor(start: number) {
    this.#start = start
    this.#next = start
  }

  reserve(size: number): void {
    this.#append(new Uint8Array(size))
  }

  /** Followed by a NUL, which the size does not count. */
  text(text: string): Place {
    const bytes = new TextEncoder().encode(`${text}\0`)
    return { address: this.bytes(bytes).address, size: bytes.length - 1 }
  }

  table(records: readonly Uint8Array[]): Place {
    return { address: this.#append(concat(records)), size: records.length }
  }

  bytes(bytes: Uint8Array): Place {
    const key = new TextDecoder('latin1').decode(bytes)
    const address = this.#known.get(key) ?? this.#append(bytes)
    this.#known.set(key, address)
    return { address, size: bytes.length }
  }

  /** Bytes so far. */
  get size(): number {
    return this.#next - this.#start
  }

  /** Everything, with the header in the reserved place at the start. */
  finish(header: Uint8Array): Uint8Array<ArrayBuffer> {
    const image = concat(this.#parts)
    image.set(header)
    return image
  }

  #append(bytes: Uint8Array): number {
    const address = this.#next
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8)
    padded.set(bytes)
    this.#parts.push(padded)
    this.#next += padded.length
    return address
  }
}

export interface Fields {
  /** {address, size} pairs from `textsAt` (0 by default) on. */
  readonly texts?: readonly Place[]
  readonly textsAt?: number
  readonly words?: readonly (readonly [offset: number, value: number])[]
}

/** An entry of a table: zero but for the fields. */
export function record(size: number, fields: Fields): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const start = fields.textsAt ?? 0
  for (const [index, { address, size: textSize }] of (fields.texts ?? []).entries()) {
    view.setUint32(start + index * 8, address, true)
    view.setUint32(start + index * 8 + 4, textSize, true)
  }
  for (const [offset, value] of fields.words ?? []) view.setUint32(offset, value, true)
  return bytes
}

/** 32-bit words. */
export function words(values: readonly number[]): Uint8Array {
  return record(values.length * 4, { words: values.map((value, index) => [index * 4, value]) })
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
