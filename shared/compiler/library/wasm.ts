// Reading and writing WebAssembly sections (WebAssembly core specification, section 5.5): enough to add one data segment to a finished module.

interface Section {
  readonly id: number
  readonly body: Uint8Array
}

const dataSection = 11
const dataCountSection = 12
const i32Const = 0x41
const end = 0x0b

/** The module with one more active data segment in memory 0, put first. Throws when a present segment starts before `limit` or the module has none. */
export function addDataSegment(
  module: Uint8Array,
  segment: { readonly address: number; readonly bytes: Uint8Array; readonly limit: number },
): Uint8Array<ArrayBuffer> {
  const sections = parseSections(module)
  const data = sections.find(({ id }) => id === dataSection)
  if (data === undefined) throw new Error('the runtime has no data section: it was built differently')
  const lowest = lowestSegment(data.body)
  if (lowest < segment.limit) {
    throw new Error(`the runtime has data at ${lowest}, below ${segment.limit}: it was built differently`)
  }
  const count = new Reader(data.body)
  const segments = count.number()
  const added = [0, i32Const, ...signed(segment.address), end, ...unsigned(segment.bytes.length)]
  const body = join([unsigned(segments + 1), added, segment.bytes, data.body.subarray(count.offset)])
  return join([
    module.subarray(0, 8),
    ...sections.flatMap(({ id, body: present }) => {
      const written = id === dataSection ? body : id === dataCountSection ? unsigned(segments + 1) : present
      return [[id], unsigned(written.length), written]
    }),
  ])
}

function parseSections(module: Uint8Array): readonly Section[] {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  if (header.some((byte, index) => module[index] !== byte)) throw new Error('the runtime is no WebAssembly module')
  const reader = new Reader(module)
  reader.offset = 8
  const sections: Section[] = []
  while (reader.offset < module.length) {
    const id = reader.byte()
    const size = reader.number()
    sections.push({ id, body: reader.take(size) })
  }
  return sections
}

/** Lowest address of the active segments of a data section. */
function lowestSegment(body: Uint8Array): number {
  const reader = new Reader(body)
  const addresses = Array.from({ length: reader.number() }, () => {
    if (reader.number() !== 0 || reader.byte() !== i32Const)
      throw new Error('the runtime has an unexpected data segment')
    const address = reader.signed()
    if (reader.byte() !== end) throw new Error('the runtime has an unexpected data segment')
    reader.take(reader.number())
    return address
  })
  return Math.min(...addresses)
}

class Reader {
  offset = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    const byte = this.#bytes[this.offset++]
    if (byte === undefined) throw new Error('the runtime is cut short')
    return byte
  }

  take(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.offset, this.offset + length)
    if (bytes.length !== length) throw new Error('the runtime is cut short')
    this.offset += length
    return bytes
  }

  /** Unsigned LEB128, 32 bits. */
  number(): number {
    return this.#leb().value >>> 0
  }

  /** Signed LEB128, 32 bits. */
  signed(): number {
    const { value, bits } = this.#leb()
    return bits < 32 ? (value << (32 - bits)) >> (32 - bits) : value | 0
  }

  #leb(): { readonly value: number; readonly bits: number } {
    let value = 0
    let bits = 0
    while (bits < 35) {
      const byte = this.byte()
      value |= (byte & 0x7f) << bits
      bits += 7
      if (byte < 0x80) break
    }
    return { value, bits }
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return done ? [low] : [low | 0x80, ...signed(rest)]
}

function join(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
