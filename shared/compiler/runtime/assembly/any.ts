// Reading and writing `Any`, and a stack of them for calls into the host. The host may call back into the library at any time, so frames nest.
import {
  anyBytes,
  anyValue,
  anyZero,
  typeBool,
  typeFloat,
  typeInt,
  typeNone,
  typeObject,
  typePointer,
  typeRawStr,
} from './layout.ts'

const stackBytes: usize = 32768
const stack: usize = memory.data(32768, 8)
let stackTop: usize = 0

/** `count` Any, not cleared; 0 when calls nest too deep. Every frame is closed with popFrame(count). */
export function pushFrame(count: i32): usize {
  const bytes = <usize>count * anyBytes
  if (stackTop + bytes > stackBytes) return 0
  const frame = stack + stackTop
  stackTop += bytes
  return frame
}

export function popFrame(count: i32): void {
  stackTop -= <usize>count * anyBytes
}

export function typeOf(any: usize): i32 {
  return load<i32>(any)
}

export function isObject(any: usize): bool {
  return load<i32>(any) >= typeObject
}

export function objectOf(any: usize): usize {
  return <usize>load<u32>(any + anyValue)
}

/** The object when the value has that type, else 0. */
export function objectOfType(any: usize, type: i32): usize {
  return load<i32>(any) === type ? objectOf(any) : 0
}

export function isNumber(any: usize): bool {
  const type = load<i32>(any)
  return type === typeInt || type === typeFloat || type === typeBool
}

export function numberOf(any: usize): f64 {
  if (load<i32>(any) === typeFloat) return load<f64>(any + anyValue)
  return <f64>load<i64>(any + anyValue)
}

export function setNone(any: usize): void {
  set(any, typeNone, 0)
}

export function setObject(any: usize, type: i32, object: usize): void {
  set(any, type, <u64>object)
}

export function setPointer(any: usize, pointer: u32): void {
  set(any, typePointer, <u64>pointer)
}

export function setRawStr(any: usize, text: usize): void {
  set(any, typeRawStr, <u64>text)
}

/** The host reads integers as 32 bits, signed: what does not fit travels as a float. */
export function setNumber(any: usize, value: f64): void {
  if (value >= -2147483648 && value <= 2147483647) {
    set(any, typeInt, <u64>(<i64>value))
    return
  }
  set(any, typeFloat, 0)
  store<f64>(any + anyValue, value)
}

function set(any: usize, type: i32, value: u64): void {
  store<i32>(any, type)
  store<u32>(any + anyZero, 0)
  store<u64>(any + anyValue, value)
}
