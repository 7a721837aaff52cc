// The exports of a model library, section 1.2 of the ABI: what tvmjs calls. Pointers are i32; 0 is success.
import { own } from './containers.ts'
import { liveBuffers, setDeviceApi } from './device.ts'
import { lastError, outOfMemory, raise, takeHostError } from './error.ts'
import { callGlobal, findGlobal } from './globals.ts'
import { hostCall } from './host.ts'
import {
  anyValue,
  byteArrayBytes,
  byteArrayData,
  functionIndex,
  functionKind,
  functionObjectBytes,
  objectType,
  typeArray,
  typeBytes,
  typeFunction,
  typeModule,
  typeShape,
  typeStr,
  typeTensor,
} from './layout.ts'
import { allocate, liveBlocks, release } from './memory.ts'
import { callModuleFunction, functionOfGlobal, functionOfModule, functionOfProgram } from './module.ts'
import { functionOfHost, keep, letGo, liveObjects, makeObject } from './object.ts'
import { pooledStorages } from './pool.ts'
import { runProgram } from './program.ts'
import { isText } from './text.ts'

export function TVMWasmAllocSpace(bytes: usize): usize {
  return allocate(bytes)
}

export function TVMWasmFreeSpace(address: usize): void {
  release(address)
}

export function TVMFFIWasmGetLastError(): usize {
  return lastError()
}

export function TVMFFIErrorSetRaisedFromCStr(_kind: usize, text: usize): void {
  takeHostError(text)
}

/** A new reference to the function of that name at `out`, 0 when there is none. */
export function TVMFFIFunctionGetGlobal(name: usize, out: usize): i32 {
  store<u32>(out, 0)
  const index = findGlobal(<usize>load<u32>(name + byteArrayData), load<i32>(name + byteArrayBytes))
  return index < 0 ? 0 : makeFunctionAt(functionOfGlobal, index, out)
}

/** Of the functions the host offers only the device is used. */
export function TVMFFIFunctionSetGlobal(name: usize, object: usize, _replace: i32): i32 {
  if (isText('wasm.WebGPUDeviceAPI', <usize>load<u32>(name + byteArrayData), load<i32>(name + byteArrayBytes))) {
    keep(object)
    setDeviceApi(object)
  }
  return 0
}

export function TVMFFIFunctionCall(object: usize, args: usize, count: i32, result: usize): i32 {
  if (load<i32>(object + objectType) !== typeFunction) return raise('the called object is no function')
  store<u64>(result + anyValue, 0)
  const kind = load<i32>(object + functionKind)
  const index = load<i32>(object + functionIndex)
  if (kind === functionOfHost) return hostCall(index, args, count, result)
  if (kind === functionOfGlobal) return callGlobal(index, args, count, result)
  if (kind === functionOfModule) return callModuleFunction(object, args, count, result)
  if (kind === functionOfProgram) return runProgram(index, args, count, result)
  return raise('the called function is of an unknown kind')
}

export function TVMFFIWasmFunctionCreate(index: i32, out: usize): i32 {
  return makeFunctionAt(functionOfHost, index, out)
}

export function TVMFFIAnyViewToOwnedAny(view: usize, out: usize): i32 {
  return own(view, out)
}

export function TVMFFIObjectIncRef(object: usize): i32 {
  keep(object)
  return 0
}

export function TVMFFIObjectDecRef(object: usize): i32 {
  letGo(object)
  return 0
}

export function TVMFFITypeKeyToIndex(key: usize, out: usize): i32 {
  const name = <usize>load<u32>(key + byteArrayData)
  const length = load<i32>(key + byteArrayBytes)
  let type = -1
  if (isText('ffi.String', name, length)) type = typeStr
  else if (isText('ffi.Bytes', name, length)) type = typeBytes
  else if (isText('ffi.Function', name, length)) type = typeFunction
  else if (isText('ffi.Shape', name, length)) type = typeShape
  else if (isText('ffi.Tensor', name, length)) type = typeTensor
  else if (isText('ffi.Array', name, length)) type = typeArray
  else if (isText('ffi.Module', name, length)) type = typeModule
  store<i32>(out, type)
  return type < 0 ? raise('unknown type key') : 0
}

/** For tests and diagnosis: what is alive. */
export function hearthLiveObjects(): i32 {
  return liveObjects()
}

export function hearthLiveBlocks(): i32 {
  return liveBlocks()
}

export function hearthGpuBuffers(): i32 {
  return liveBuffers()
}

export function hearthPooledStorages(): i32 {
  return pooledStorages()
}

function makeFunctionAt(kind: i32, index: i32, out: usize): i32 {
  const object = makeObject(typeFunction, functionObjectBytes)
  if (object === 0) return outOfMemory()
  store<i32>(object + functionKind, kind)
  store<i32>(object + functionIndex, index)
  store<u32>(out, <u32>object)
  return 0
}
