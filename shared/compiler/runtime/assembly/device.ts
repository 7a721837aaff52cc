// The GPU, as the host's five functions see it: buffers are numbers. Their functions are fetched at the first use, because the host registers the device
// after start-up.
import {
  isNumber,
  numberOf,
  objectOfType,
  popFrame,
  pushFrame,
  setNone,
  setNumber,
  setPointer,
  setRawStr,
} from './any.ts'
import { fail, raise, say } from './error.ts'
import { hostCall } from './host.ts'
import { anyBytes, functionIndex, typeFunction } from './layout.ts'
import { characterOf } from './text.ts'

const apiAllocate: usize = 0
const apiFree: usize = 4
const apiCopyToGpu: usize = 8
const apiCopyFromGpu: usize = 12
const apiCopyWithin: usize = 16
const functions: usize = memory.data(5 * 4, 8)
const nameBytes: usize = 32

let deviceApi: usize = 0
let buffers: i32 = 0

/** Keeps the host's `wasm.WebGPUDeviceAPI`, a function object. */
export function setDeviceApi(object: usize): void {
  deviceApi = object
}

/** GPU buffers made and not destroyed, pooled ones included. */
export function liveBuffers(): i32 {
  return buffers
}

/** Number of a new buffer, 0 when the host raised. */
export function allocateBuffer(bytes: f64): u32 {
  const frame = openCall(apiAllocate, 'deviceAllocDataSpace', 2)
  if (frame === 0) return 0
  setNumber(frame, bytes)
  const result = frame + anyBytes
  let buffer: u32 = 0
  if (call(apiAllocate, frame, 1, result) === 0) {
    if (isNumber(result)) buffer = <u32>numberOf(result)
    if (buffer === 0) raise('the device gave no GPU buffer')
  }
  popFrame(2)
  if (buffer !== 0) buffers++
  return buffer
}

/** Destroys a buffer. Flushes all pending GPU work: not for the steady state. */
export function freeBuffer(buffer: u32): i32 {
  const frame = openCall(apiFree, 'deviceFreeDataSpace', 2)
  if (frame === 0) return -1
  setPointer(frame, buffer)
  const code = call(apiFree, frame, 1, frame + anyBytes)
  popFrame(2)
  if (code === 0) buffers--
  return code
}

/** Offsets are multiples of 4; the size is padded to 4 by the host. */
export function copyToGpu(address: usize, buffer: u32, offset: f64, bytes: f64): i32 {
  const frame = openCall(apiCopyToGpu, 'deviceCopyToGPU', 5)
  if (frame === 0) return -1
  setPointer(frame, <u32>address)
  setPointer(frame + anyBytes, buffer)
  setNumber(frame + 2 * anyBytes, offset)
  setNumber(frame + 3 * anyBytes, bytes)
  const code = call(apiCopyToGpu, frame, 4, frame + 4 * anyBytes)
  popFrame(5)
  return code
}

/** The bytes arrive later, when the host waits for the device: the destination must live until then. */
export function copyFromGpu(buffer: u32, offset: f64, address: usize, bytes: f64): i32 {
  const frame = openCall(apiCopyFromGpu, 'deviceCopyFromGPU', 5)
  if (frame === 0) return -1
  setPointer(frame, buffer)
  setNumber(frame + anyBytes, offset)
  setPointer(frame + 2 * anyBytes, <u32>address)
  setNumber(frame + 3 * anyBytes, bytes)
  const code = call(apiCopyFromGpu, frame, 4, frame + 4 * anyBytes)
  popFrame(5)
  return code
}

export function copyWithinGpu(from: u32, fromOffset: f64, to: u32, toOffset: f64, bytes: f64): i32 {
  if (from === to) return raise('a GPU buffer cannot be copied onto itself')
  const frame = openCall(apiCopyWithin, 'deviceCopyWithinGPU', 6)
  if (frame === 0) return -1
  setPointer(frame, from)
  setNumber(frame + anyBytes, fromOffset)
  setPointer(frame + 2 * anyBytes, to)
  setNumber(frame + 3 * anyBytes, toOffset)
  setNumber(frame + 4 * anyBytes, bytes)
  const code = call(apiCopyWithin, frame, 5, frame + 5 * anyBytes)
  popFrame(6)
  return code
}

function call(api: usize, args: usize, count: i32, result: usize): i32 {
  setNone(result)
  return hostCall(load<i32>(<usize>load<u32>(functions + api) + functionIndex), args, count, result)
}

/** A frame for the call once its function is known; 0 with an error otherwise. */
function openCall(api: usize, name: string, count: i32): usize {
  if (load<u32>(functions + api) === 0 && fetch(api, name) !== 0) return 0
  const frame = pushFrame(count)
  if (frame === 0) raise('calls into the host nest too deep')
  return frame
}

/** Asks the host for one of its functions and keeps it for ever. The name is written behind the two Any of the frame. */
function fetch(api: usize, name: string): i32 {
  if (deviceApi === 0) return raise('the GPU is used before the host registered it')
  const frame = pushFrame(2 + <i32>(nameBytes / anyBytes))
  if (frame === 0) return raise('calls into the host nest too deep')
  const text = frame + 2 * anyBytes
  for (let index = 0; index < name.length; index++) store<u8>(text + <usize>index, <u8>characterOf(name, index))
  store<u8>(text + <usize>name.length, 0)
  setRawStr(frame, text)
  const result = frame + anyBytes
  setNone(result)
  let code = hostCall(load<i32>(deviceApi + functionIndex), frame, 1, result)
  const found = code === 0 ? objectOfType(result, typeFunction) : 0
  popFrame(2 + <i32>(nameBytes / anyBytes))
  if (code === 0 && found === 0) {
    say('the host has no ')
    say(name)
    code = fail()
  }
  if (code === 0) store<u32>(functions + api, <u32>found)
  return code
}
