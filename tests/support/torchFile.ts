// Writes pytorch_model.bin files for tests: pickles from their parts (so that hostile ones are as easy as honest ones), the zip form and the old one.
import { type Bytes, join, little, utf8, type ZipPart, type ZipWriting, zipFile } from './zipFile.ts'

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
