// The last error: a NUL-terminated message that the host reads after a call returned non-zero. Messages are put together with `say`, closed with `fail`.
import { characterOf, textLength } from './text.ts'

const capacity: usize = 2048
const message: usize = memory.data(2049, 8)
let length: usize = 0
let closed: bool = true

export function say(text: string): void {
  for (let index = 0; index < text.length; index++) append(<u8>characterOf(text, index))
}

export function sayBytes(address: usize, bytes: i32): void {
  for (let index = 0; index < bytes; index++) append(load<u8>(address + <usize>index))
}

/** An integer; what is no integer is cut. */
export function sayNumber(value: f64): void {
  if (!(abs(value) < 9007199254740992)) {
    append(0x3f)
    return
  }
  let rest = value
  if (rest < 0) {
    append(0x2d)
    rest = -rest
  }
  let unit: f64 = 1
  while (unit * 10 <= rest) unit *= 10
  while (unit >= 1) {
    const digit = Math.floor(rest / unit)
    append(0x30 + <u8>digit)
    rest -= digit * unit
    unit = Math.floor(unit / 10)
  }
}

/** Closes the message; returns the error code. */
export function fail(): i32 {
  store<u8>(message + length, 0)
  closed = true
  return -1
}

/** A message in one literal. */
export function raise(text: string): i32 {
  say(text)
  return fail()
}

export function outOfMemory(): i32 {
  return raise('out of memory in the model library')
}

/** Takes the text of an error the host raised. */
export function takeHostError(text: usize): void {
  sayBytes(text, textLength(text))
  fail()
}

export function lastError(): usize {
  return message
}

function append(byte: u8): void {
  if (closed) {
    closed = false
    length = 0
  }
  if (length < capacity) store<u8>(message + length++, byte)
}
