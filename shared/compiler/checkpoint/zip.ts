// Reads the directory of a zip archive and trusts nothing in it. Only what torch.save writes: stored (never compressed) entries, zip64 where sizes need it,
// no encryption, no second disk. Follows PKWARE's APPNOTE.TXT 6.3; section numbers are its.
import { CompileError } from '../../errors.ts'
import type { ByteSource } from './bytes.ts'
import { crc32 } from './crc32.ts'
import { quoted } from './json.ts'

export interface ZipEntry {
  readonly name: string
  readonly sizeBytes: number
  readonly crc: number
  /** Of the local header in front of the data. */
  readonly headerOffset: number
  /** Where the next entry or the directory begins: the data ends before. */
  readonly limit: number
}

export interface ZipArchive {
  readonly file: string
  readonly source: ByteSource
  readonly entries: ReadonlyMap<string, ZipEntry>
}

const maximumEntries = 100_000
const maximumDirectoryBytes = 32 * 2 ** 20
const maximumNameBytes = 512
const endBytes = 22
const localBytes = 30
const directoryEntryBytes = 46
const in64Bits = 0xffff_ffff

/** Throws CompileError on anything that breaks the format or is not stored plainly. */
export async function openZip(source: ByteSource, file: string, signal: AbortSignal): Promise<ZipArchive> {
  const { offset, sizeBytes, count } = await findDirectory(source, file, signal)
  const bytes = await source.read(offset, sizeBytes, signal)
  const entries = parseDirectory(bytes, count, file)
  return { file, source, entries: withLimits(entries, offset, file) }
}

/** Where an entry's data begins. Its local header must agree with the directory. */
export async function locateEntry({ source, file }: ZipArchive, entry: ZipEntry, signal: AbortSignal): Promise<number> {
  const at = `entry ${quoted(entry.name)}`
  const name = new TextEncoder().encode(entry.name)
  const header = view(await source.read(entry.headerOffset, localBytes + name.byteLength, signal))
  // 4.3.7. Sizes and checksum may be zero here and follow the data instead; the directory has them.
  if (header.getUint32(0, true) !== 0x0403_4b50) throw new CompileError(file, at, 'has no local header')
  const sameName =
    header.getUint16(26, true) === name.byteLength &&
    name.every((byte, index) => header.getUint8(localBytes + index) === byte)
  if (!sameName) throw new CompileError(file, at, 'has another name in its local header')
  if (header.getUint16(8, true) !== 0) throw new CompileError(file, at, 'is compressed, expected it stored')
  const dataOffset = entry.headerOffset + localBytes + name.byteLength + header.getUint16(28, true)
  if (dataOffset + entry.sizeBytes > entry.limit) throw new CompileError(file, at, 'overlaps what follows it')
  return dataOffset
}

/** A small entry as a whole, its checksum verified. */
export async function readEntry(
  archive: ZipArchive,
  entry: ZipEntry,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const at = `entry ${quoted(entry.name)}`
  if (entry.sizeBytes > limitBytes)
    throw new CompileError(archive.file, at, `${entry.sizeBytes} bytes, expected at most ${limitBytes}`)
  const bytes = await archive.source.read(await locateEntry(archive, entry, signal), entry.sizeBytes, signal)
  if (crc32(bytes) !== entry.crc) throw new CompileError(archive.file, at, 'is damaged: its checksum differs')
  return bytes
}

interface Directory {
  readonly offset: number
  readonly sizeBytes: number
  readonly count: number
}

/** 4.3.16: the end record, behind which only a comment may stand. */
async function findDirectory(source: ByteSource, file: string, signal: AbortSignal): Promise<Directory> {
  const start = Math.max(0, source.sizeBytes - endBytes - 0xffff)
  const tail = view(await source.read(start, source.sizeBytes - start, signal))
  let at = tail.byteLength - endBytes
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === 0x0605_4b50 && tail.getUint16(at + 20, true) === tail.byteLength - endBytes - at)
  )
    at--
  if (at < 0) throw new CompileError(file, '', 'the zip directory is missing: the file is cut off or no checkpoint')
  const small: Directory = {
    count: tail.getUint16(at + 10, true),
    sizeBytes: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  }
  const isLocator = at >= 20 && tail.getUint32(at - 20, true) === 0x0706_4b50 // 4.3.15
  const directory = isLocator ? await readEnd64(source, file, tail.getBigUint64(at - 12, true), signal) : small
  const { count, sizeBytes, offset } = directory
  if (count > maximumEntries)
    throw new CompileError(file, 'zip directory', `${count} entries, expected at most ${maximumEntries}`)
  if (sizeBytes > maximumDirectoryBytes)
    throw new CompileError(file, 'zip directory', `${sizeBytes} bytes, expected at most ${maximumDirectoryBytes}`)
  if (offset + sizeBytes > start + at) throw new CompileError(file, 'zip directory', 'runs beyond its end')
  return directory
}

/** 4.3.14 */
async function readEnd64(source: ByteSource, file: string, offset: bigint, signal: AbortSignal): Promise<Directory> {
  if (offset > BigInt(source.sizeBytes - 56)) throw new CompileError(file, 'zip64 end', 'lies beyond the file')
  const record = view(await source.read(Number(offset), 56, signal))
  if (record.getUint32(0, true) !== 0x0606_4b50) throw new CompileError(file, 'zip64 end', 'is missing')
  return {
    count: bounded(record.getBigUint64(32, true)),
    sizeBytes: bounded(record.getBigUint64(40, true)),
    offset: bounded(record.getBigUint64(48, true)),
  }
}

/** A 64-bit number; what no file can hold becomes a number that no check lets pass. */
function bounded(value: bigint): number {
  return value > 2n ** 52n ? 2 ** 52 : Number(value)
}

/** 4.3.12 */
function parseDirectory(bytes: Uint8Array, count: number, file: string): readonly Omit<ZipEntry, 'limit'>[] {
  const directory = view(bytes)
  const entries: Omit<ZipEntry, 'limit'>[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    const where = `zip directory entry ${index}`
    if (at + directoryEntryBytes > bytes.byteLength || directory.getUint32(at, true) !== 0x0201_4b50)
      throw new CompileError(file, where, 'is missing')
    const nameBytes = directory.getUint16(at + 28, true)
    const extraBytes = directory.getUint16(at + 30, true)
    const end = at + directoryEntryBytes + nameBytes + extraBytes + directory.getUint16(at + 32, true)
    if (end > bytes.byteLength || nameBytes > maximumNameBytes)
      throw new CompileError(file, where, 'is longer than the directory or its name too long')
    const name = decodeName(bytes.subarray(at + directoryEntryBytes, at + directoryEntryBytes + nameBytes), file, where)
    if (directory.getUint16(at + 8, true) & 1) throw new CompileError(file, where, `${quoted(name)} is encrypted`)
    if (directory.getUint16(at + 10, true) !== 0)
      throw new CompileError(file, where, `${quoted(name)} is compressed, expected it stored`)
    const sizes = sizesOf(directory, at, nameBytes, extraBytes)
    if (sizes === null || sizes.storedBytes !== sizes.sizeBytes)
      throw new CompileError(file, where, `${quoted(name)} has sizes that disagree`)
    const { sizeBytes, headerOffset } = sizes
    entries.push({ name, sizeBytes, headerOffset, crc: directory.getUint32(at + 16, true) })
    at = end
  }
  if (at !== bytes.byteLength) throw new CompileError(file, 'zip directory', 'is longer than its entries')
  return entries
}

/** Sizes and offset, from the zip64 field (4.5.3) where 32 bits do not hold them. null where that field is missing or short. */
function sizesOf(directory: DataView, at: number, nameBytes: number, extraBytes: number) {
  let field = at + directoryEntryBytes + nameBytes
  const extraEnd = field + extraBytes
  while (field + 4 <= extraEnd && directory.getUint16(field, true) !== 1)
    field += 4 + directory.getUint16(field + 2, true)
  const fieldEnd = field + 4 <= extraEnd ? field + 4 + directory.getUint16(field + 2, true) : 0
  let next = field + 4
  const wide = (value: number): number => {
    if (value !== in64Bits) return value
    next += 8
    return next <= fieldEnd && next <= extraEnd ? bounded(directory.getBigUint64(next - 8, true)) : Number.NaN
  }
  const sizeBytes = wide(directory.getUint32(at + 24, true))
  const storedBytes = wide(directory.getUint32(at + 20, true))
  const headerOffset = wide(directory.getUint32(at + 42, true))
  return Number.isNaN(sizeBytes + storedBytes + headerOffset) ? null : { sizeBytes, storedBytes, headerOffset }
}

/** Entries by name. None may stand twice, reach into another or into the directory. */
function withLimits(
  entries: readonly Omit<ZipEntry, 'limit'>[],
  directoryOffset: number,
  file: string,
): ReadonlyMap<string, ZipEntry> {
  const inOrder = [...entries].sort((a, b) => a.headerOffset - b.headerOffset)
  const all = new Map<string, ZipEntry>()
  for (const [index, entry] of inOrder.entries()) {
    const at = `entry ${quoted(entry.name)}`
    if (all.has(entry.name)) throw new CompileError(file, at, 'stands twice')
    const limit = inOrder[index + 1]?.headerOffset ?? directoryOffset
    if (entry.headerOffset + localBytes + entry.name.length + entry.sizeBytes > limit)
      throw new CompileError(file, at, 'overlaps what follows it')
    all.set(entry.name, { ...entry, limit })
  }
  return all
}

function decodeName(bytes: Uint8Array, file: string, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CompileError(file, where, 'has a name that is not UTF-8', { cause })
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
