// Strings, shapes and arrays.
import { isNumber, isObject, numberOf, objectOf, setObject, typeOf } from './any.ts'
import { outOfMemory, raise } from './error.ts'
import {
  anyBytes,
  anyValue,
  arrayItems,
  arrayLength,
  byteArrayBytes,
  byteArrayData,
  shapeData,
  shapeLength,
  shapeValues,
  textBytes,
  textContent,
  textData,
  typeArray,
  typeByteArray,
  typeBytes,
  typeRawStr,
  typeShape,
  typeStr,
} from './layout.ts'
import { keep, makeObject } from './object.ts'
import { textLength } from './text.ts'

/** A Str or Bytes object with a copy of the bytes; 0 when out of memory. */
export function makeText(type: i32, from: usize, bytes: i32): usize {
  const object = makeObject(type, textContent + <usize>bytes + 1)
  if (object === 0) {
    outOfMemory()
    return 0
  }
  store<u32>(object + textData, <u32>(object + textContent))
  store<u32>(object + textBytes, <u32>bytes)
  memory.copy(object + textContent, from, <usize>bytes)
  return object
}

/** An array of `length` None; 0 when out of memory. */
export function makeArray(length: i32): usize {
  const object = makeObject(typeArray, arrayItems + <usize>length * anyBytes)
  if (object === 0) {
    outOfMemory()
    return 0
  }
  store<u32>(object + arrayLength, <u32>length)
  return object
}

export function arrayItem(array: usize, index: i32): usize {
  return array + arrayItems + <usize>index * anyBytes
}

/** Copies a value into another place, which then owns it: borrowed strings become objects, objects are counted up. `from` may be `to`. */
export function own(from: usize, to: usize): i32 {
  const type = typeOf(from)
  if (type === typeRawStr) {
    const text = <usize>load<u32>(from + anyValue)
    const object = makeText(typeStr, text, textLength(text))
    if (object === 0) return -1
    setObject(to, typeStr, object)
    return 0
  }
  if (type === typeByteArray) {
    const view = <usize>load<u32>(from + anyValue)
    const data = <usize>load<u32>(view + byteArrayData)
    const object = makeText(typeBytes, data, load<i32>(view + byteArrayBytes))
    if (object === 0) return -1
    setObject(to, typeBytes, object)
    return 0
  }
  if (isObject(from)) keep(objectOf(from))
  if (from !== to) memory.copy(to, from, anyBytes)
  return 0
}

/** `ffi.Shape`: the sizes, each a number. */
export function shapeOf(args: usize, count: i32, result: usize): i32 {
  const shape = makeObject(typeShape, shapeValues + <usize>count * 8)
  if (shape === 0) return outOfMemory()
  store<u32>(shape + shapeData, <u32>(shape + shapeValues))
  store<u32>(shape + shapeLength, <u32>count)
  setObject(result, typeShape, shape)
  for (let index = 0; index < count; index++) {
    const any = args + <usize>index * anyBytes
    if (!isNumber(any)) return raise('ffi.Shape: expected numbers')
    store<i64>(shape + shapeValues + ((<usize>index) << 3), <i64>numberOf(any))
  }
  return 0
}

/** `ffi.Array`: the values, owned. */
export function arrayOf(args: usize, count: i32, result: usize): i32 {
  const array = makeArray(count)
  if (array === 0) return -1
  setObject(result, typeArray, array)
  for (let index = 0; index < count; index++) {
    if (own(args + <usize>index * anyBytes, arrayItem(array, index)) !== 0) return -1
  }
  return 0
}

/** `tvmjs.runtime.ArrayConcat`: the items of all arrays in order. */
export function concatArrays(args: usize, count: i32, result: usize): i32 {
  let total = 0
  for (let index = 0; index < count; index++) {
    const any = args + <usize>index * anyBytes
    if (typeOf(any) !== typeArray) return raise('tvmjs.runtime.ArrayConcat: expected arrays')
    total += load<i32>(objectOf(any) + arrayLength)
  }
  const array = makeArray(total)
  if (array === 0) return -1
  setObject(result, typeArray, array)
  let next = 0
  for (let index = 0; index < count; index++) {
    const from = objectOf(args + <usize>index * anyBytes)
    const length = load<i32>(from + arrayLength)
    for (let item = 0; item < length; item++) own(arrayItem(from, item), arrayItem(array, next++))
  }
  return 0
}
