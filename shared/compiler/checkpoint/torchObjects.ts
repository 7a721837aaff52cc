// The few things a PyTorch state dict is pickled as: storages, tensors that view them, and dictionaries. Follows torch/serialization.py and
// torch/_utils.py (_rebuild_tensor_v2) in pytorch/pytorch.
import { quoted } from './json.ts'
import { isKind, type PickleHost, PickleProblem, type PickleValue } from './pickleValue.ts'
import { bytesPerElement, type Dtype } from './safetensors.ts'

export interface TorchStorage {
  readonly kind: 'storage'
  /** Which of the file's storages. */
  readonly key: string
  readonly dtype: Dtype
  /** Of the stored storage, and the part of it that is meant. */
  readonly storedElements: number
  readonly firstElement: number
  readonly elements: number
}

export interface TorchTensor {
  readonly kind: 'tensor'
  readonly storage: TorchStorage
  /** In elements, within the storage. */
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

export type TorchObject = TorchStorage | TorchTensor
type Value = PickleValue<TorchObject>

const dtypes: Readonly<Record<string, Dtype>> = {
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.DoubleStorage': 'F64',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
}
const maximumRank = 8
/** Sizes in bytes stay safe integers. */
const maximumElements = 2n ** 49n

const calls: Readonly<Record<string, (items: readonly Value[]) => Value>> = {
  'collections.OrderedDict': ordered,
  'torch.Size': size,
  'torch._utils._rebuild_tensor': tensor,
  'torch._utils._rebuild_tensor_v2': tensor,
  'torch._utils._rebuild_parameter': parameter,
}

export const torchHost: PickleHost<TorchObject> = {
  isAllowed: (global) => Object.hasOwn(calls, global) || Object.hasOwn(dtypes, global),
  reduce: (global, items) => {
    const call = Object.hasOwn(calls, global) ? calls[global] : undefined
    if (call === undefined) throw new PickleProblem(`${quoted(global)} is a type and cannot be called`)
    return call(items)
  },
  persistent,
}

/** ('storage', type, key, location, elements), in the old format followed by None or a view (key, first element, elements). */
function persistent(id: Value): Value {
  if (!isKind(id, 'tuple')) throw new PickleProblem('a persistent id is no tuple')
  const [tag, type = null, key = null, location, storedElements = null, view = null] = id.items
  if (tag !== 'storage' || typeof key !== 'string' || typeof location !== 'string' || id.items.length > 6)
    throw new PickleProblem('a persistent id is no storage')
  const dtype = isKind(type, 'global') && Object.hasOwn(dtypes, type.name) ? dtypes[type.name] : undefined
  if (dtype === undefined) throw new PickleProblem('a storage has no type')
  if (!isCount(storedElements) || !Number.isSafeInteger(storedElements * bytesPerElement[dtype]))
    throw new PickleProblem('a storage has an impossible size')
  const whole = { firstElement: 0, elements: storedElements }
  const part = view === null ? whole : viewOf(view, storedElements)
  return object({ kind: 'storage', key, dtype, storedElements, ...part })
}

function viewOf(view: Value, storedElements: number): Pick<TorchStorage, 'firstElement' | 'elements'> {
  const [, firstElement = null, elements = null] = isKind(view, 'tuple') && view.items.length === 3 ? view.items : []
  if (!isCount(firstElement) || !isCount(elements) || firstElement + elements > storedElements)
    throw new PickleProblem('a view lies outside its storage')
  return { firstElement, elements }
}

/** (storage, offset, sizes, strides), in version 2 followed by requires_grad, hooks and metadata, which say nothing about values. */
function tensor(items: readonly Value[]): Value {
  const [storage = null, offset = null, sizes = null, steps = null] = items
  if (!isKind(storage, 'object') || storage.value.kind !== 'storage') throw new PickleProblem('a tensor has no storage')
  const shape = counts(sizes)
  const strides = counts(steps)
  if (!isCount(offset) || shape.length !== strides.length || items.length > 7)
    throw new PickleProblem('a tensor has impossible sizes')
  const last = shape.reduce((sum, length, axis) => sum + BigInt(length - 1) * BigInt(strides[axis] as number), 0n)
  const elements = shape.reduce((product, length) => product * BigInt(length), 1n)
  if (elements > maximumElements) throw new PickleProblem('a tensor has impossible sizes')
  if (elements > 0n && BigInt(offset) + last >= BigInt(storage.value.elements))
    throw new PickleProblem(`a tensor [${shape}] reaches beyond its storage of ${storage.value.elements}`)
  return object({ kind: 'tensor', storage: storage.value, offset, shape, strides })
}

/** (tensor, requires_grad, hooks) */
function parameter([data = null]: readonly Value[]): Value {
  if (!isKind(data, 'object') || data.value.kind !== 'tensor') throw new PickleProblem('a parameter is no tensor')
  return data
}

function ordered(items: readonly Value[]): Value {
  if (items.length > 0) throw new PickleProblem('an OrderedDict is made from something')
  return { kind: 'dict', entries: new Map() }
}

function size([items = null]: readonly Value[]): Value {
  counts(items)
  return items
}

function counts(value: Value): readonly number[] {
  const items = isKind(value, 'tuple') ? value.items : null
  if (items === null || items.length > maximumRank || !items.every(isCount))
    throw new PickleProblem(`sizes or strides are not up to ${maximumRank} whole numbers`)
  return items
}

function isCount(value: Value): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function object(value: TorchObject): Value {
  return { kind: 'object', value }
}
