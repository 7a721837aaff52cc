// Values as a library and its host hand them to each other: 16 bytes, a type index and a number or an address.
import { type HostFunction, type HostObject, type HostValue, isInt } from './hostValues.ts'
import type { LibraryMemory } from './libraryMemory.ts'

export const anyBytes = 16

/** What else a value needs while the library reads it: functions are objects of the library, and what was made for the call goes after it. */
export interface Borrowing {
  readonly makeFunction: (body: HostFunction) => HostObject
  readonly release: (object: HostObject) => void
  readonly temporary: (() => void)[]
}

/** Writes a value that the library borrows. */
export function writeAny(memory: LibraryMemory, any: number, value: HostValue, borrowing: Borrowing): void {
  const { makeFunction, release, temporary } = borrowing
  const set = (index: number, low: number, high = 0) => {
    const view = memory.view()
    view.setInt32(any, index, true)
    view.setInt32(any + 4, 0, true)
    view.setInt32(any + 8, low, true)
    view.setInt32(any + 12, high, true)
  }
  const hold = (address: number) => {
    temporary.push(() => memory.free(address))
    return address
  }
  if (value === undefined) set(0, 0)
  else if (typeof value === 'boolean') set(2, value ? 1 : 0)
  else if (typeof value === 'number') {
    set(3, 0)
    memory.view().setFloat64(any + 8, value, true)
  } else if (typeof value === 'string') set(8, hold(memory.text(value)))
  else if (value instanceof Uint8Array) set(9, hold(memory.byteArray(value)))
  else if (typeof value === 'function') {
    const object = makeFunction(value)
    temporary.push(() => release(object))
    set(object.type, object.pointer)
  } else if (isInt(value)) set(1, value.int | 0, value.int < 0 ? -1 : 0)
  else if ('device' in value) set(6, value.device === 'cpu' ? 1 : 15)
  else set(value.type, value.pointer)
}

/** Takes an owned value: texts and bytes are copied and released, an object is the reader's to release. */
export function readAny(memory: LibraryMemory, any: number): HostValue {
  const view = memory.view()
  const index = view.getInt32(any, true)
  switch (index) {
    case 0:
      return undefined
    case 1:
      return view.getInt32(any + 8, true)
    case 2:
      return view.getInt32(any + 8, true) !== 0
    case 3:
      return view.getFloat64(any + 8, true)
    case 4:
      return view.getUint32(any + 8, true)
    case 65:
    case 66: {
      const pointer = view.getUint32(any + 8, true)
      const bytes = memory.bytesAt(view.getUint32(pointer + 24, true), view.getUint32(pointer + 28, true))
      memory.check(memory.invoke('TVMFFIObjectDecRef', pointer))
      return index === 66 ? bytes : String.fromCharCode(...bytes)
    }
    default: {
      const pointer = view.getUint32(any + 8, true)
      if (index < 64 || view.getInt32(pointer + 8, true) !== index) throw new Error(`unexpected value of type ${index}`)
      return { pointer, type: index }
    }
  }
}
