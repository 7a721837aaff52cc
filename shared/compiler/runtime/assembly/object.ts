// Reference-counted objects. A new object belongs to its maker; whoever keeps one counts it up, and the last to let go destroys it and what it holds.
import { isObject, objectOf } from './any.ts'
import { setCurrentState } from './current.ts'
import { hostRelease } from './host.ts'
import {
  anyBytes,
  arrayItems,
  arrayLength,
  deviceWebGpu,
  functionIndex,
  functionKeeps,
  functionKind,
  moduleParams,
  objectCount,
  objectType,
  stateStorages,
  storageDevice,
  storageHandle,
  tensorStorage,
  typeArray,
  typeFunction,
  typeModule,
  typeState,
  typeStorage,
  typeTensor,
} from './layout.ts'
import { allocate, release } from './memory.ts'
import { retireStorage } from './pool.ts'

/** A function the host made: index is its number there. The other kinds are in call.ts. */
export const functionOfHost: i32 = 1

let objects: i32 = 0

/** Objects alive, pooled storages not counted. */
export function liveObjects(): i32 {
  return objects
}

/** An object of count 1 with a cleared body; 0 when out of memory. */
export function makeObject(type: i32, bytes: usize): usize {
  const object = allocate(bytes)
  if (object === 0) return 0
  memory.fill(object, 0, bytes)
  return reviveObject(object, type)
}

/** A new life for an object from the pool. */
export function reviveObject(object: usize, type: i32): usize {
  store<u32>(object + objectCount, 1)
  store<i32>(object + objectType, type)
  objects++
  return object
}

export function keep(object: usize): void {
  store<u32>(object + objectCount, load<u32>(object + objectCount) + 1)
}

export function letGo(object: usize): void {
  const count = load<u32>(object + objectCount) - 1
  store<u32>(object + objectCount, count)
  if (count === 0) destroy(object)
}

/** Lets go of the value when it is an object. */
export function letGoOfAny(any: usize): void {
  if (isObject(any)) letGo(objectOf(any))
}

function destroy(object: usize): void {
  objects--
  const type = load<i32>(object + objectType)
  if (type === typeStorage) {
    if (load<i32>(object + storageDevice) === deviceWebGpu) {
      retireStorage(object)
      return
    }
    release(<usize>load<u32>(object + storageHandle))
  } else if (type === typeTensor) {
    letGo(<usize>load<u32>(object + tensorStorage))
  } else if (type === typeArray) {
    const length = <usize>load<u32>(object + arrayLength)
    for (let index: usize = 0; index < length; index++) letGoOfAny(object + arrayItems + index * anyBytes)
  } else if (type === typeFunction) {
    if (load<i32>(object + functionKind) === functionOfHost) hostRelease(load<i32>(object + functionIndex))
    letGoOf(<usize>load<u32>(object + functionKeeps))
  } else if (type === typeModule) {
    letGoOf(<usize>load<u32>(object + moduleParams))
  } else if (type === typeState) {
    setCurrentState(0)
    letGoOf(<usize>load<u32>(object + stateStorages))
  }
  release(object)
}

function letGoOf(object: usize): void {
  if (object !== 0) letGo(object)
}
