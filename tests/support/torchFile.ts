// Writes pytorch_model.bin files for tests: pickles from their parts (so that hostile ones are as easy as honest ones), the zip form and the old one.
import { crc32 } from '../../shared/compiler/checkpoint/crc32.ts'

export type Bytes = readonly number[] | Uint8Array

/** One after the other. */
export function join(...parts: readonly Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : Uint8Array.from(part)))))
}

function little(value: number | bigint, bytes: number): Uint8Array {
  if (typeof value === 'number' && value >= 0)
    return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256)
  return Uint8Array.from({ length: bytes }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 255n))
}

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Parts of a pickle; each pushes one value. */
export const pickled = {
  none: Uint8Array.of(0x4e),
  false: Uint8Array.of(0x89),
  true: Uint8Array.of(0x88),
  text: (value: string) => join([0x58], little(utf8(value).length, 4), utf8(value)),
  int: (value: number) => join([0x8a, 8], little(value, 8)),
  long: (value: bigint, bytes: number) => join([0x8a, bytes], little(value, bytes)),
  global: (module: string, name: string) => join([0x63], utf8(`${module}\n${name}\n`)),
  tuple: (...items: readonly Bytes[]) => join([0x28], ...items, [0x74]),
  list: (...items: readonly Bytes[]) => join([0x5d, 0x28], ...items, [0x65]),
  dict: (...pairs: readonly Bytes[]) => join([0x7d, 0x28], ...pairs, [0x75]),
  call: (callee: Bytes, ...items: readonly Bytes[]) => join(callee, pickled.tuple(...items), [0x52]),
  persistent: (id: Bytes) => join(id, [0x51]),
  /** The value, given attributes. */
  built: (value: Bytes, state: Bytes) => join(value, state, [0x62]),
  whole: (value: Bytes, protocol = 2) => join([0x80, protocol], value, [0x2e]),
}

export interface StoredStorage {
  /** `FloatStorage` */
  readonly type: string
  readonly elements: number
  readonly bytes: Uint8Array
}

export interface StoredView {
  readonly storage: string
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

export interface StateDict {
  readonly storages: Readonly<Record<string, StoredStorage>>
  readonly tensors: Readonly<Record<string, StoredView>>
}

/** Strides of a tensor that lies row by row. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
}

export function storagePickle(
  key: string,
  { type, elements }: Omit<StoredStorage, 'bytes'>,
  ...more: readonly Bytes[]
) {
  const { text, int, global, tuple, persistent } = pickled
  return persistent(tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(elements), ...more))
}

export function tensorPickle(storage: Bytes, { offset, shape, strides }: Omit<StoredView, 'storage'>): Uint8Array {
  const { int, global, tuple, call } = pickled
  const hooks = call(global('collections', 'OrderedDict'))
  const sizes = [tuple(...shape.map(int)), tuple(...strides.map(int))]
  return call(global('torch._utils', '_rebuild_tensor_v2'), storage, int(offset), ...sizes, pickled.false, hooks)
}

export interface Writing {
  /** As an OrderedDict with `_metadata`, which is what Module.state_dict() gives; otherwise as a dict. */
  readonly ordered?: boolean
  readonly protocol?: number
}

/** The pickle of a state dict. `view` is what the old format adds to a persistent id. */
export function statePickle(
  { storages, tensors }: StateDict,
  writing: Writing = {},
  ...view: readonly Bytes[]
): Uint8Array {
  const { text, global, call, dict, built, whole, int } = pickled
  const pairs = Object.entries(tensors).flatMap(([name, tensor]) => {
    const storage = storages[tensor.storage] ?? { type: 'FloatStorage', elements: 0 }
    return [text(name), tensorPickle(storagePickle(tensor.storage, storage, ...view), tensor)]
  })
  const metadata = dict(text('_metadata'), dict(text(''), dict(text('version'), int(1))))
  const value = writing.ordered
    ? built(join(call(global('collections', 'OrderedDict')), [0x28], ...pairs, [0x75]), metadata)
    : dict(...pairs)
  return whole(value, writing.protocol)
}

export interface ZipPart {
  readonly name: string
  readonly data: Uint8Array
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
export function zipFile(
  parts: readonly ZipPart[],
  { zip64 = false, comment = '', count }: ZipWriting = {},
): Uint8Array {
  const body: Uint8Array[] = []
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
    add(local, [0x46, 0x42], little(padding, 2), new Uint8Array(padding).fill(0x5a), data)
    const crc = little(lies.crc ?? crc32(data), 4)
    const sizeBytes = lies.sizeBytes ?? data.length
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
  return new Uint8Array(Buffer.concat(body))
}

/** data.pkl, storages and what else stands in a checkpoint, in torch's order. */
export function torchParts(pickle: Uint8Array, storages: StateDict['storages']): readonly ZipPart[] {
  return [
    { name: 'archive/data.pkl', data: pickle },
    { name: 'archive/byteorder', data: utf8('little') },
    ...Object.entries(storages).map(([key, { bytes }]) => ({ name: `archive/data/${key}`, data: bytes })),
    { name: 'archive/version', data: utf8('3\n') },
  ]
}

export function torchFile(state: StateDict, writing: Writing & ZipWriting = {}): Uint8Array {
  return zipFile(torchParts(statePickle(state, writing), state.storages), writing)
}

/** The form before torch 1.6. */
export function legacyTorchFile(state: StateDict, writing: Writing = {}): Uint8Array {
  const { text, int, long, list, dict, whole } = pickled
  const keys = Object.keys(state.storages)
  const machine = dict(text('protocol_version'), int(1001), text('little_endian'), pickled.true)
  return join(
    whole(long(0x1950_a86a_20f9_469c_fc6cn, 10)),
    whole(int(1001)),
    whole(machine),
    statePickle(state, writing, pickled.none),
    whole(list(...keys.map(text))),
    ...Object.values(state.storages).flatMap(({ elements, bytes }) => [little(elements, 8), bytes]),
  )
}
