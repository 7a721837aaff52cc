// Writes zip archives for tests, honest ones and others.
import { crc32 } from '../../shared/compiler/checkpoint/crc32.ts'

export type Bytes = readonly number[] | Uint8Array

/** One after the other. */
export function join(...parts: readonly Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : Uint8Array.from(part)))))
}

/** Little-endian. */
export function little(value: number | bigint, bytes: number): Uint8Array {
  if (typeof value === 'number' && value >= 0)
    return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256)
  return Uint8Array.from({ length: bytes }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 255n))
}

export const utf8 = (text: string) => new TextEncoder().encode(text)

/** Bytes that somebody else makes when they are read. */
export interface Gap {
  readonly sizeBytes: number
}

export interface ZipPart<Data = Uint8Array> {
  readonly name: string
  readonly data: Data
  /** What the archive says instead of the truth. */
  readonly lies?: {
    readonly method?: number
    readonly flags?: number
    readonly crc?: number
    readonly sizeBytes?: number
    readonly localName?: string
    readonly headerOffset?: number
  }
}

export interface ZipWriting {
  /** Sizes and offsets in zip64 fields. */
  readonly zip64?: boolean
  readonly comment?: string
  /** Entries the end record claims. */
  readonly count?: number
}

/** A zip archive as torch writes it: stored, data at multiples of 64 bytes, checksum and sizes behind the data. */
export function zipFile(parts: readonly ZipPart[], writing: ZipWriting = {}): Uint8Array {
  return new Uint8Array(Buffer.concat(zipPieces(parts, writing).filter((piece) => piece instanceof Uint8Array)))
}

/** The archive in pieces, gaps left where data are gaps. */
export function zipPieces(
  parts: readonly ZipPart<Uint8Array | Gap>[],
  { zip64 = false, comment = '', count }: ZipWriting = {},
): readonly (Uint8Array | Gap)[] {
  const body: (Uint8Array | Gap)[] = []
  const directory: Uint8Array[] = []
  let at = 0
  const add = (...bytes: readonly Bytes[]) => {
    const piece = join(...bytes)
    body.push(piece)
    at += piece.length
  }
  for (const { name, data, lies = {} } of parts) {
    const headerOffset = lies.headerOffset ?? at
    const local = utf8(lies.localName ?? name)
    const padding = (64 - ((at + 30 + local.length + 4) % 64)) % 64
    const [flags, method] = [little(lies.flags ?? 0x0808, 2), little(lies.method ?? 0, 2)]
    add([0x50, 0x4b, 3, 4, 0, 0], flags, method, new Uint8Array(16), little(local.length, 2), little(padding + 4, 2))
    add(local, [0x46, 0x42], little(padding, 2), new Uint8Array(padding).fill(0x5a))
    const dataBytes = data instanceof Uint8Array ? data.length : data.sizeBytes
    body.push(data)
    at += dataBytes
    const crc = little(lies.crc ?? (data instanceof Uint8Array ? crc32(data) : 0), 4)
    const sizeBytes = lies.sizeBytes ?? dataBytes
    add([0x50, 0x4b, 7, 8], crc, little(sizeBytes, 4), little(sizeBytes, 4))
    const extra = zip64 ? join([1, 0, 24, 0], little(sizeBytes, 8), little(sizeBytes, 8), little(headerOffset, 8)) : []
    const small = (value: number) => (zip64 ? little(0xffff_ffff, 4) : little(value, 4))
    const own = utf8(name)
    directory.push(
      join(
        [0x50, 0x4b, 1, 2, 0, 0, 0, 0],
        flags,
        method,
        [0, 0, 0, 0],
        crc,
        small(sizeBytes),
        small(sizeBytes),
        [...little(own.length, 2), ...little(extra.length, 2)],
        new Uint8Array(10),
        small(headerOffset),
        own,
        extra,
      ),
    )
  }
  const list = new Uint8Array(Buffer.concat(directory))
  const start = at
  const entries = count ?? parts.length
  const counts = (bytes: number) => join(little(entries, bytes), little(entries, bytes))
  add(list)
  const end64 = at
  if (zip64) {
    add([0x50, 0x4b, 6, 6], little(44, 8), new Uint8Array(12), counts(8), little(list.length, 8), little(start, 8))
    add([0x50, 0x4b, 6, 7, 0, 0, 0, 0], little(end64, 8), little(1, 4))
  }
  const ended = zip64 ? little(0xffff_ffff, 4) : null
  add([0x50, 0x4b, 5, 6, 0, 0, 0, 0], zip64 ? [255, 255, 255, 255] : counts(2))
  add(ended ?? little(list.length, 4), ended ?? little(start, 4), little(comment.length, 2), utf8(comment))
  return body
}
