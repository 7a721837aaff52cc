// What goes in and out of a model library's functions.

/** An object of the library; the host owns one count until release. */
export interface HostObject {
  readonly pointer: number
  readonly type: number
}

/** A plain number travels as a float, an Int as an integer, text as a borrowed C string. */
export type HostValue = undefined | number | boolean | string | Uint8Array | Int | HostObject | Device | HostFunction
export interface Int {
  readonly int: number
}
export interface Device {
  readonly device: 'cpu' | 'webgpu'
}
export type HostFunction = (...args: HostValue[]) => HostValue

export function asObject(value: HostValue): HostObject {
  if (!isObject(value)) throw new Error(`expected an object, came ${String(value)}`)
  return value
}

export function isObject(value: HostValue): value is HostObject {
  return typeof value === 'object' && 'pointer' in value
}

export function isInt(value: HostValue): value is Int {
  return typeof value === 'object' && 'int' in value
}
