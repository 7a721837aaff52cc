// Parameters: the tensors web-llm uploads, kept by name until the array of all of them is asked for.
import { isNumber, numberOf, objectOfType, setNone, setObject } from './any.ts'
import { arrayItem, makeArray } from './containers.ts'
import { fail, outOfMemory, raise, say, sayBytes } from './error.ts'
import {
  anyBytes,
  arrayLength,
  moduleKind,
  moduleObjectBytes,
  moduleParams,
  textBytes,
  textData,
  typeArray,
  typeModule,
  typeStr,
  typeTensor,
} from './layout.ts'
import { allocate, release } from './memory.ts'
import { keep, letGo, makeObject } from './object.ts'
import { isSame, textLength } from './text.ts'

/** Entries: 0 u32 hash, 4 u32 name, 8 u32 bytes of the name, 12 u32 tensor. */
const entryBytes: usize = 16
let entries: usize = 0
let length: i32 = 0
let room: i32 = 0

export const moduleOfLibrary: i32 = 1
export const moduleOfParams: i32 = 2

/** `vm.builtin.tensor_cache.update(name, tensor, override)`. */
export function updateCache(name: usize, args: usize, count: i32): i32 {
  const tensor = count >= 2 ? objectOfType(args + anyBytes, typeTensor) : 0
  if (tensor === 0) return raise('tensor_cache.update: expected a name and a tensor')
  const bytes = textLength(name)
  const present = find(name, bytes)
  if (present >= 0) {
    if (count < 3 || !isNumber(args + 2 * anyBytes) || numberOf(args + 2 * anyBytes) === 0) {
      say('the tensor cache holds ')
      sayBytes(name, bytes)
      return raise(' already')
    }
    const entry = entries + <usize>present * entryBytes
    keep(tensor)
    letGo(<usize>load<u32>(entry + 12))
    store<u32>(entry + 12, <u32>tensor)
    return 0
  }
  if (length === room && !grow()) return outOfMemory()
  const copy = allocate(<usize>bytes + 1)
  if (copy === 0) return outOfMemory()
  memory.copy(copy, name, <usize>bytes)
  const entry = entries + <usize>length * entryBytes
  store<u32>(entry, hashOf(name, bytes))
  store<u32>(entry + 4, <u32>copy)
  store<u32>(entry + 8, <u32>bytes)
  store<u32>(entry + 12, <u32>tensor)
  keep(tensor)
  length++
  return 0
}

/** `vm.builtin.tensor_cache.get(name)`: the tensor or nothing. */
export function readCache(name: usize, result: usize): i32 {
  const present = find(name, textLength(name))
  setNone(result)
  if (present < 0) return 0
  const tensor = <usize>load<u32>(entries + <usize>present * entryBytes + 12)
  keep(tensor)
  setObject(result, typeTensor, tensor)
  return 0
}

/** `vm.builtin.tensor_cache.remove(name)`; an absent name is fine. */
export function removeFromCache(name: usize): i32 {
  const present = find(name, textLength(name))
  if (present >= 0) drop(present)
  return 0
}

/** `vm.builtin.tensor_cache.clear()`. */
export function clearCache(): i32 {
  while (length > 0) drop(length - 1)
  return 0
}

/** `vm.builtin.param_module_from_cache_by_name(names)`: a module whose get_params gives the tensors in that order. */
export function paramModule(args: usize, count: i32, result: usize): i32 {
  const names = count === 1 ? objectOfType(args, typeArray) : 0
  if (names === 0) return raise('param_module_from_cache_by_name: expected an array of names')
  const total = load<i32>(names + arrayLength)
  const params = makeArray(total)
  if (params === 0) return -1
  for (let index = 0; index < total; index++) {
    const name = objectOfType(arrayItem(names, index), typeStr)
    const data = name === 0 ? 0 : <usize>load<u32>(name + textData)
    const bytes = name === 0 ? 0 : load<i32>(name + textBytes)
    const present = name === 0 ? -1 : find(data, bytes)
    if (present < 0) {
      say('the weights have no parameter ')
      sayBytes(data, bytes)
      letGo(params)
      return fail()
    }
    const tensor = <usize>load<u32>(entries + <usize>present * entryBytes + 12)
    keep(tensor)
    setObject(arrayItem(params, index), typeTensor, tensor)
  }
  const module = makeObject(typeModule, moduleObjectBytes)
  if (module === 0) {
    letGo(params)
    return outOfMemory()
  }
  store<i32>(module + moduleKind, moduleOfParams)
  store<u32>(module + moduleParams, <u32>params)
  setObject(result, typeModule, module)
  return 0
}

function drop(index: i32): void {
  const entry = entries + <usize>index * entryBytes
  release(<usize>load<u32>(entry + 4))
  letGo(<usize>load<u32>(entry + 12))
  length--
  memory.copy(entry, entries + <usize>length * entryBytes, entryBytes)
}

function find(name: usize, bytes: i32): i32 {
  const hash = hashOf(name, bytes)
  for (let index = 0; index < length; index++) {
    const entry = entries + <usize>index * entryBytes
    if (load<u32>(entry) !== hash || load<i32>(entry + 8) !== bytes) continue
    if (isSame(<usize>load<u32>(entry + 4), name, bytes)) return index
  }
  return -1
}

/** FNV-1a. */
function hashOf(name: usize, bytes: i32): u32 {
  let hash: u32 = 0x811c9dc5
  for (let index: usize = 0; index < <usize>bytes; index++) hash = (hash ^ <u32>load<u8>(name + index)) * 0x01000193
  return hash
}

function grow(): bool {
  const larger = room === 0 ? 64 : room * 2
  const moved = allocate(<usize>larger * entryBytes)
  if (moved === 0) return false
  if (entries !== 0) {
    memory.copy(moved, entries, <usize>length * entryBytes)
    release(entries)
  }
  entries = moved
  room = larger
  return true
}
