// Bytes between the host and CPU tensors, and joining embeddings.
import { isNumber, numberOf, objectOfType, setObject, typeOf } from './any.ts'
import { makeText } from './containers.ts'
import { copyWithinGpu } from './device.ts'
import { fail, raise, say, sayNumber } from './error.ts'
import {
  anyBytes,
  anyValue,
  byteArrayBytes,
  byteArrayData,
  deviceWebGpu,
  tensorData,
  tensorDtype,
  tensorRank,
  tensorShape,
  tensorStorage,
  typeByteArray,
  typeBytes,
  typeRawStr,
  typeTensor,
} from './layout.ts'
import { letGo } from './object.ts'
import { byteOffset, cpuAddress, isOnGpu, makeStorage, makeTensor, tensorSize } from './tensor.ts'
import { isText, textLength } from './text.ts'

const mostEmbeddings: i32 = 64

/** `tvmjs.runtime.TensorCopyFromBytes(tensor, bytes)`. */
export function copyFromBytes(args: usize, count: i32): i32 {
  const tensor = cpuTensor(args, count, 2)
  const bytes = byteArray(args + anyBytes)
  if (tensor === 0 || bytes === 0) return raise('TensorCopyFromBytes: expected a CPU tensor and bytes')
  const size = <f64>load<u32>(bytes + byteArrayBytes)
  if (size !== tensorSize(tensor)) return wrongSize('TensorCopyFromBytes', size, tensorSize(tensor))
  memory.copy(cpuAddress(tensor), <usize>load<u32>(bytes + byteArrayData), <usize>size)
  return 0
}

/** `tvmjs.runtime.TensorCopyToBytes(tensor)`. */
export function copyToBytes(args: usize, count: i32, result: usize): i32 {
  const tensor = cpuTensor(args, count, 1)
  if (tensor === 0) return raise('TensorCopyToBytes: expected a CPU tensor')
  const bytes = makeText(typeBytes, cpuAddress(tensor), <i32>tensorSize(tensor))
  if (bytes === 0) return -1
  setObject(result, typeBytes, bytes)
  return 0
}

/** `tvmjs.array.decode_storage(tensor, bytes, format, dtype)`: stored bytes into a CPU tensor. */
export function decodeStorage(args: usize, count: i32): i32 {
  const tensor = cpuTensor(args, count, 4)
  const bytes = byteArray(args + anyBytes)
  if (
    tensor === 0 ||
    bytes === 0 ||
    typeOf(args + 2 * anyBytes) !== typeRawStr ||
    typeOf(args + 3 * anyBytes) !== typeRawStr
  ) {
    return raise('decode_storage: expected a CPU tensor, bytes, a format and a dtype')
  }
  const format = <usize>load<u32>(args + 2 * anyBytes + anyValue)
  const dtype = <usize>load<u32>(args + 3 * anyBytes + anyValue)
  const data = <usize>load<u32>(bytes + byteArrayData)
  const size = <f64>load<u32>(bytes + byteArrayBytes)
  const halves = isText('f32-to-bf16', format, textLength(format)) && isText('float32', dtype, textLength(dtype))
  const expected = halves ? tensorSize(tensor) / 2 : tensorSize(tensor)
  if (size !== expected) return wrongSize('decode_storage', size, expected)
  memory.copy(cpuAddress(tensor), data, <usize>size)
  if (halves) widenHalves(cpuAddress(tensor), <usize>size / 2)
  return 0
}

/** `tvmjs.array.decode_bf16_to_f32_inplace(tensor, bytes)`: the tensor starts with that many bytes of bfloat16. */
export function decodeInPlace(args: usize, count: i32): i32 {
  const tensor = cpuTensor(args, count, 2)
  if (tensor === 0 || !isNumber(args + anyBytes))
    return raise('decode_bf16_to_f32_inplace: expected a CPU tensor and a size')
  const size = numberOf(args + anyBytes)
  if (size * 2 !== tensorSize(tensor)) return wrongSize('decode_bf16_to_f32_inplace', size, tensorSize(tensor) / 2)
  widenHalves(cpuAddress(tensor), <usize>size / 2)
  return 0
}

/** `tvmjs.runtime.ConcatEmbeddings(...tensors)`: matrices of one width below each other, on the GPU. */
export function concatEmbeddings(args: usize, count: i32, result: usize): i32 {
  if (count < 1 || count > mostEmbeddings) return raise('ConcatEmbeddings: expected 1 to 64 tensors')
  let rows: i64 = 0
  let width: i64 = 0
  let dtype: u32 = 0
  for (let index = 0; index < count; index++) {
    const tensor = objectOfType(args + <usize>index * anyBytes, typeTensor)
    if (tensor === 0 || !isOnGpu(tensor) || load<i32>(tensor + tensorRank) !== 2) {
      return raise('ConcatEmbeddings: expected matrices on the GPU')
    }
    const shape = <usize>load<u32>(tensor + tensorShape)
    if (index === 0) {
      width = load<i64>(shape + 8)
      dtype = load<u32>(tensor + tensorDtype)
    }
    if (load<i64>(shape + 8) !== width || load<u32>(tensor + tensorDtype) !== dtype) {
      return raise('ConcatEmbeddings: the tensors differ in width or dtype')
    }
    for (let other = 0; other < index; other++) {
      const before = objectOfType(args + <usize>other * anyBytes, typeTensor)
      if (load<u32>(before + tensorStorage) !== load<u32>(tensor + tensorStorage)) continue
      return raise('ConcatEmbeddings: two tensors share one buffer, the later has overwritten the earlier')
    }
    rows += load<i64>(shape)
  }
  return joinRows(args, count, rows, width, dtype, result)
}

function joinRows(args: usize, count: i32, rows: i64, width: i64, dtype: u32, result: usize): i32 {
  let total: f64 = 0
  for (let index = 0; index < count; index++)
    total += tensorSize(objectOfType(args + <usize>index * anyBytes, typeTensor))
  const storage = makeStorage(deviceWebGpu, total)
  if (storage === 0) return -1
  store<i64>(shapeScratch, rows)
  store<i64>(shapeScratch + 8, width)
  const joined = makeTensor(storage, 2, shapeScratch, dtype, 0)
  letGo(storage)
  if (joined === 0) return -1
  setObject(result, typeTensor, joined)
  let offset: f64 = 0
  for (let index = 0; index < count; index++) {
    const tensor = objectOfType(args + <usize>index * anyBytes, typeTensor)
    const bytes = tensorSize(tensor)
    const to = load<u32>(joined + tensorData)
    if (copyWithinGpu(load<u32>(tensor + tensorData), byteOffset(tensor), to, offset, bytes) !== 0) return -1
    offset += bytes
  }
  return 0
}

const shapeScratch: usize = memory.data(16, 8)

/** Back to front, so that nothing unread is overwritten. */
function widenHalves(address: usize, elements: usize): void {
  for (let index = elements; index > 0; index--) {
    const half = <u32>load<u16>(address + ((index - 1) << 1))
    store<u32>(address + ((index - 1) << 2), half << 16)
  }
}

function cpuTensor(args: usize, count: i32, wanted: i32): usize {
  const tensor = count === wanted ? objectOfType(args, typeTensor) : 0
  return tensor !== 0 && !isOnGpu(tensor) ? tensor : 0
}

function byteArray(any: usize): usize {
  return typeOf(any) === typeByteArray ? <usize>load<u32>(any + anyValue) : 0
}

function wrongSize(caller: string, size: f64, expected: f64): i32 {
  say(caller)
  say(': ')
  sayNumber(size)
  say(' bytes for a tensor that stores ')
  sayNumber(expected)
  return fail()
}
