// Tensors: a shape and a dtype over a storage that they keep alive. A view may never reach beyond the tensor it was taken from.
import { setObject } from './any.ts'
import { copyFromGpu, copyToGpu, copyWithinGpu, freeBuffer } from './device.ts'
import { fail, outOfMemory, raise, say, sayBytes, sayNumber } from './error.ts'
import {
  deviceCpu,
  deviceWebGpu,
  shapeData,
  shapeLength,
  storageClass,
  storageDevice,
  storageHandle,
  storageObjectBytes,
  storageSize,
  tensorByteOffset,
  tensorData,
  tensorDeviceType,
  tensorDtype,
  tensorRank,
  tensorShape,
  tensorShapeValues,
  tensorStorage,
  typeStorage,
  typeTensor,
} from './layout.ts'
import { allocate, release } from './memory.ts'
import { keep, letGo, makeObject, reviveObject } from './object.ts'
import { classOf, makeBuffer, takeStorage, unpooled } from './pool.ts'
import { isText } from './text.ts'

/** What tensor sizes may reach: JavaScript's exact integers. */
const largestBytes: f64 = 9007199254740991

/** A storage of the device; 0 with an error. Its contents are not cleared. */
export function makeStorage(device: i32, bytes: f64): usize {
  const sizeClass = device === deviceWebGpu ? classOf(bytes) : unpooled
  const waiting = takeStorage(sizeClass)
  if (waiting !== 0) {
    store<f64>(waiting + storageSize, bytes)
    return reviveObject(waiting, typeStorage)
  }
  let handle: usize = 0
  if (device === deviceWebGpu) {
    handle = <usize>makeBuffer(sizeClass, bytes)
    if (handle === 0) return 0
  } else {
    handle = bytes > 1073741824 ? 0 : allocate(<usize>max(bytes, 8))
    if (handle === 0) {
      say('no memory for a tensor of ')
      sayNumber(bytes)
      say(' bytes on the CPU')
      fail()
      return 0
    }
  }
  const storage = makeObject(typeStorage, storageObjectBytes)
  if (storage === 0) {
    if (device === deviceWebGpu) freeBuffer(<u32>handle)
    else release(handle)
    outOfMemory()
    return 0
  }
  store<i32>(storage + storageDevice, device)
  store<u32>(storage + storageHandle, <u32>handle)
  store<f64>(storage + storageSize, bytes)
  store<i32>(storage + storageClass, sizeClass)
  return storage
}

/** A tensor over a storage, which it counts up. `shape` are i64, `dtype` the 4 bytes of a DLDataType; 0 with an error. */
export function makeTensor(storage: usize, rank: i32, shape: usize, dtype: u32, offset: f64): usize {
  const tensor = makeObject(typeTensor, tensorShapeValues + ((<usize>rank) << 3))
  if (tensor === 0) {
    outOfMemory()
    return 0
  }
  keep(storage)
  store<u32>(tensor + tensorData, load<u32>(storage + storageHandle))
  store<i32>(tensor + tensorDeviceType, load<i32>(storage + storageDevice))
  store<i32>(tensor + tensorRank, rank)
  store<u32>(tensor + tensorDtype, dtype)
  store<u32>(tensor + tensorShape, <u32>(tensor + tensorShapeValues))
  store<u64>(tensor + tensorByteOffset, <u64>offset)
  store<u32>(tensor + tensorStorage, <u32>storage)
  memory.copy(tensor + tensorShapeValues, shape, (<usize>rank) << 3)
  return tensor
}

/** Elements of a shape of i64; -1 when one is negative or the product too large. */
export function elementsOf(rank: i32, shape: usize): f64 {
  let product: f64 = 1
  for (let index = 0; index < rank; index++) {
    const size = <f64>load<i64>(shape + ((<usize>index) << 3))
    if (size < 0) return -1
    product *= size
  }
  return product > largestBytes ? -1 : product
}

export function tensorElements(tensor: usize): f64 {
  return elementsOf(load<i32>(tensor + tensorRank), <usize>load<u32>(tensor + tensorShape))
}

export function bytesOf(elements: f64, dtype: u32): f64 {
  return Math.ceil((elements * <f64>(((dtype >> 8) & 0xff) * (dtype >> 16))) / 8)
}

export function tensorSize(tensor: usize): f64 {
  return bytesOf(tensorElements(tensor), load<u32>(tensor + tensorDtype))
}

export function isOnGpu(tensor: usize): bool {
  return load<i32>(tensor + tensorDeviceType) === deviceWebGpu
}

export function byteOffset(tensor: usize): f64 {
  return <f64>load<u64>(tensor + tensorByteOffset)
}

/** Address of a CPU tensor's first byte. */
export function cpuAddress(tensor: usize): usize {
  return <usize>load<u32>(tensor + tensorData) + <usize>load<u64>(tensor + tensorByteOffset)
}

/** The 4 bytes {code, bits, lanes} of a dtype's name, such as `float16`; 0 with an error. */
export function dtypeOf(text: usize, length: i32): u32 {
  let letters = 0
  while (letters < length && load<u8>(text + <usize>letters) > 0x39) letters++
  let bits: u32 = 0
  for (let index = letters; index < length; index++) {
    const digit = <u32>load<u8>(text + <usize>index) - 0x30
    bits = digit > 9 ? 256 : min(bits, 25) * 10 + digit
  }
  let code: u32 = 5
  if (isText('int', text, letters)) code = 0
  else if (isText('uint', text, letters)) code = 1
  else if (isText('float', text, letters)) code = 2
  else if (isText('bfloat', text, letters)) code = 4
  if (code === 5 || (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64)) {
    say('unknown dtype ')
    sayBytes(text, length)
    fail()
    return 0
  }
  return code | (bits << 8) | 0x10000
}

/** A new tensor with its own storage, as the result. */
export function allocateTensor(shape: usize, dtype: u32, device: i32, result: usize): i32 {
  if (device !== deviceCpu && device !== deviceWebGpu) return raise('a tensor lives on cpu (1) or webgpu (15)')
  const rank = load<i32>(shape + shapeLength)
  const elements = elementsOf(rank, <usize>load<u32>(shape + shapeData))
  if (elements < 0) return raise('a tensor shape is negative or too large')
  const storage = makeStorage(device, bytesOf(elements, dtype))
  if (storage === 0) return -1
  const tensor = makeTensor(storage, rank, <usize>load<u32>(shape + shapeData), dtype, 0)
  letGo(storage)
  if (tensor === 0) return -1
  setObject(result, typeTensor, tensor)
  return 0
}

/** A view `offset` bytes into a tensor, as the result. Raises when it ends beyond it. */
export function viewTensor(tensor: usize, shape: usize, dtype: u32, offset: f64, result: usize): i32 {
  const rank = load<i32>(shape + shapeLength)
  const sizes = <usize>load<u32>(shape + shapeData)
  const elements = elementsOf(rank, sizes)
  if (elements < 0) return raise('a view shape is negative or too large')
  const bytes = bytesOf(elements, dtype)
  const available = tensorSize(tensor)
  if (offset < 0 || offset + bytes > available) {
    say('a view of ')
    sayNumber(bytes)
    say(' bytes at offset ')
    sayNumber(offset)
    say(' exceeds its tensor of ')
    sayNumber(available)
    say(' bytes')
    return fail()
  }
  const view = makeTensor(<usize>load<u32>(tensor + tensorStorage), rank, sizes, dtype, byteOffset(tensor) + offset)
  if (view === 0) return -1
  setObject(result, typeTensor, view)
  return 0
}

/** Copies all bytes of one tensor to another of the same size, across devices. */
export function copyTensor(from: usize, to: usize): i32 {
  const bytes = tensorSize(from)
  if (bytes !== tensorSize(to)) {
    say('cannot copy a tensor of ')
    sayNumber(bytes)
    say(' bytes into one of ')
    sayNumber(tensorSize(to))
    return fail()
  }
  if (bytes === 0) return 0
  if (isOnGpu(from)) {
    const buffer = load<u32>(from + tensorData)
    if (!isOnGpu(to)) return copyFromGpu(buffer, byteOffset(from), cpuAddress(to), bytes)
    return copyWithinGpu(buffer, byteOffset(from), load<u32>(to + tensorData), byteOffset(to), Math.ceil(bytes / 4) * 4)
  }
  if (isOnGpu(to)) return copyToGpu(cpuAddress(from), load<u32>(to + tensorData), byteOffset(to), bytes)
  memory.copy(cpuAddress(to), cpuAddress(from), <usize>bytes)
  return 0
}
