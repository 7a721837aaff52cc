// Reads the tensors of a pytorch_model.bin without running anything in it. Two forms: since torch 1.6 a zip archive of one pickle (`<name>/data.pkl`) and
// one entry per storage (`<name>/data/<key>`); before, pickles followed by the storages. Follows torch/serialization.py in pytorch/pytorch.
import { CompileError } from '../../errors.ts'
import type { ByteSource } from './bytes.ts'
import { quoted } from './json.ts'
import { storageOrder } from './permuted.ts'
import { readPickle } from './pickle.ts'
import { isKind, type PickleValue } from './pickleValue.ts'
import { bytesPerElement, type TensorEntry } from './safetensors.ts'
import { type TorchObject, type TorchStorage, type TorchTensor, torchHost } from './torchObjects.ts'
import { locateEntry, openZip, readEntry, type ZipArchive } from './zip.ts'

/** A state dict of a hundred thousand tensors takes 10 MB. */
const maximumPickleBytes = 16 * 2 ** 20
const maximumFormatVersion = 10

type Depth = 'whole' | 'outline'

/** Where in the file a storage's values begin. Throws CompileError when there is no such storage or its size is another. */
type Locate = (storage: TorchStorage) => Promise<number>

/**
 * The tensors of one file by name, in its order. Throws CompileError. `outline` reads names, shapes and sizes only, so that a file far away takes two or three
 * reads instead of one per tensor: offsets are then not exact, and what stands in front of each storage is not looked at.
 */
export async function readTorchTensors(
  source: ByteSource,
  file: string,
  signal: AbortSignal,
  depth: Depth = 'whole',
): Promise<ReadonlyMap<string, TensorEntry>> {
  const start = await source.read(0, Math.min(4, source.sizeBytes), signal)
  const isZip = start.length === 4 && start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4
  return isZip ? await readZipped(source, file, depth, signal) : await readLegacy(source, file, depth, signal)
}

async function readZipped(source: ByteSource, file: string, depth: Depth, signal: AbortSignal) {
  const archive = await openZip(source, file, signal)
  const root = rootOf(archive)
  if (archive.entries.has(`${root}constants.pkl`))
    throw new CompileError(file, '', 'is a TorchScript program, expected a state dict')
  await checkFormat(archive, root, signal)
  const entry = archive.entries.get(`${root}data.pkl`)
  if (entry === undefined) throw new CompileError(file, 'data.pkl', 'is missing')
  const bytes = await readEntry(archive, entry, maximumPickleBytes, signal)
  const { value, end } = readPickle({ bytes, start: 0, file, field: 'data.pkl' }, torchHost)
  if (end !== bytes.length) throw new CompileError(file, `data.pkl byte ${end}`, 'more follows the pickle')
  const locate: Locate = async ({ key, dtype, storedElements }) => {
    const stored = archive.entries.get(`${root}data/${key}`)
    const at = `storage ${quoted(key)}`
    if (stored === undefined) throw new CompileError(file, at, 'is missing')
    const sizeBytes = storedElements * bytesPerElement[dtype]
    if (stored.sizeBytes !== sizeBytes)
      throw new CompileError(file, at, `${stored.sizeBytes} bytes, expected ${sizeBytes}`)
    return depth === 'outline' ? stored.headerOffset : await locateEntry(archive, stored, signal)
  }
  return await entriesOf(value, file, locate, signal)
}

/** The folder in which everything stands: that of the one data.pkl. */
function rootOf({ entries, file }: ZipArchive): string {
  const roots = [...entries.keys()].flatMap((name) => /^[^/]+\/(?=data\.pkl$)/.exec(name)?.[0] ?? [])
  const [root] = roots
  if (root === undefined || roots.length > 1)
    throw new CompileError(file, 'zip directory', `${roots.length} entries <name>/data.pkl, expected one`)
  return root
}

async function checkFormat(archive: ZipArchive, root: string, signal: AbortSignal): Promise<void> {
  const textOf = async (name: string) => {
    const entry = archive.entries.get(`${root}${name}`)
    return entry === undefined ? null : new TextDecoder().decode(await readEntry(archive, entry, 64, signal)).trim()
  }
  const version = (await textOf('version')) ?? '3'
  if (!/^\d{1,3}$/.test(version) || Number(version) > maximumFormatVersion)
    throw new CompileError(archive.file, 'version', `${quoted(version)}, expected at most ${maximumFormatVersion}`)
  const order = (await textOf('byteorder')) ?? 'little'
  if (order !== 'little') throw new CompileError(archive.file, 'byteorder', `${quoted(order)}, expected "little"`)
}

/** torch.save's magic number, 0x1950a86a20f9469cfc6c. */
const legacyMagic = 0x1950_a86a_20f9_469c_fc6cn
const legacyVersion = 1001

/** Pickles of magic number, version, the writer's machine, the state dict, the storages' keys; then per storage its elements and values. */
async function readLegacy(source: ByteSource, file: string, depth: Depth, signal: AbortSignal) {
  const bytes = await source.read(0, Math.min(maximumPickleBytes, source.sizeBytes), signal)
  if (bytes[0] !== 0x80)
    throw new CompileError(file, '', 'starts neither like a zip archive nor like a pickle: is it a checkpoint?')
  let start = 0
  const next = () => {
    const { value, end } = readPickle({ bytes, start, file, field: '' }, torchHost)
    start = end
    return value
  }
  if (next() !== legacyMagic) throw new CompileError(file, 'byte 0', 'is a pickle, but none that torch.save wrote')
  const version = next()
  if (version !== legacyVersion) throw new CompileError(file, 'version', `expected ${legacyVersion}`)
  const machine = next()
  if (!isKind(machine, 'dict') || machine.entries.get('little_endian') !== true)
    throw new CompileError(file, 'little_endian', 'expected true')
  const value = next()
  const keys = next()
  if (!isKind(keys, 'list')) throw new CompileError(file, 'storages', 'expected a list of keys')
  const storages = storagesOf(value)
  const offsets = new Map<string, number>()
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined || offsets.has(storage.key))
      throw new CompileError(file, 'storages', 'a key belongs to no tensor or stands twice')
    const sizeBytes = storage.storedElements * bytesPerElement[storage.dtype]
    const at = `storage ${quoted(storage.key)}`
    if (start + 8 + sizeBytes > source.sizeBytes) throw new CompileError(file, at, 'the file ends early')
    const count = depth === 'outline' ? null : await source.read(start, 8, signal)
    if (
      count !== null &&
      new DataView(count.buffer, count.byteOffset, 8).getBigInt64(0, true) !== BigInt(storage.storedElements)
    )
      throw new CompileError(file, at, `has another size than its tensors say: ${storage.storedElements} elements`)
    offsets.set(storage.key, start + 8)
    start += 8 + sizeBytes
  }
  if (start !== source.sizeBytes) throw new CompileError(file, '', `${source.sizeBytes - start} bytes are left over`)
  const locate: Locate = async ({ key, dtype, storedElements }) => {
    const first = storages.get(key)
    const offset = offsets.get(key)
    if (offset === undefined) throw new CompileError(file, `storage ${quoted(key)}`, 'is missing')
    if (first?.dtype !== dtype || first.storedElements !== storedElements)
      throw new CompileError(file, `storage ${quoted(key)}`, 'has two types or sizes')
    return offset
  }
  return await entriesOf(value, file, locate, signal)
}

/** The storages of a state dict's tensors by key. */
function storagesOf(value: PickleValue<TorchObject>): ReadonlyMap<string, TorchStorage> {
  const tensors = isKind(value, 'dict') ? [...value.entries.values()] : []
  return new Map(tensors.flatMap((one) => (isTensor(one) ? [[one.value.storage.key, one.value.storage]] : [])))
}

async function entriesOf(
  value: PickleValue<TorchObject>,
  file: string,
  locate: Locate,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TensorEntry>> {
  if (!isKind(value, 'dict')) throw new CompileError(file, '', 'expected a dictionary of tensors')
  const entries = new Map<string, TensorEntry>()
  for (const [name, one] of value.entries) {
    signal.throwIfAborted()
    if (typeof name !== 'string' || !isTensor(one))
      throw new CompileError(file, `entry ${quoted(String(name))}`, 'is no tensor')
    const { storage } = one.value
    entries.set(name, entryOf(name, one.value, file, await locate(storage)))
  }
  return entries
}

function entryOf(name: string, tensor: TorchTensor, file: string, storageOffset: number): TensorEntry {
  const { storage, offset, shape, strides } = tensor
  const elementBytes = bytesPerElement[storage.dtype]
  const sizeBytes = shape.reduce((product, size) => product * size, elementBytes)
  const entry = { name, file, dtype: storage.dtype, shape, sizeBytes }
  const at = storageOffset + (storage.firstElement + offset) * elementBytes
  return isRowMajor(shape, strides) ? { ...entry, offset: at } : { ...entry, offset: at, strides }
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  const order = storageOrder(shape, strides)
  return (
    shape.includes(0) || (order?.every((axis, index) => index === 0 || axis > (order[index - 1] as number)) ?? false)
  )
}

function isTensor(value: PickleValue<TorchObject>): value is { readonly kind: 'object'; readonly value: TorchTensor } {
  return isKind(value, 'object') && value.value.kind === 'tensor'
}
