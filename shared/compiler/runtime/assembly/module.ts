// The library as a module: `getFunction` by name, and the functions that are no programs.
import { objectOfType, setObject, typeOf } from './any.ts'
import { makeText } from './containers.ts'
import { outOfMemory, raise, say, sayBytes } from './error.ts'
import {
  hasImage,
  header,
  headerFunctionMap,
  headerMetadata,
  kernelAt,
  kernelCount,
  kernelLauncher,
  kernelName,
  kernelSource,
  textAddress,
  textSize,
} from './image.ts'
import {
  anyBytes,
  anyValue,
  functionIndex,
  functionKeeps,
  functionKind,
  functionObjectBytes,
  moduleKind,
  moduleObjectBytes,
  moduleParams,
  typeArray,
  typeFunction,
  typeModule,
  typeRawStr,
  typeStr,
} from './layout.ts'
import { functionOfHost, keep, letGo, makeObject } from './object.ts'
import { moduleOfLibrary, moduleOfParams } from './params.ts'
import { findProgram } from './program.ts'
import { createRecurrentState, createState } from './state.ts'
import { isSame, isText, textLength } from './text.ts'

/** Kinds of function objects beside functionOfHost. */
export const functionOfGlobal: i32 = 2
export const functionOfModule: i32 = 3
export const functionOfProgram: i32 = 4

const loadExecutable: i32 = 0
const initialization: i32 = 1
const metadata: i32 = 2
const functionMap: i32 = 3
const shader: i32 = 4
const updatePrebuilt: i32 = 5
const createCache: i32 = 6
const createRecurrent: i32 = 7
const moduleFunctions: i32 = 8
const getParams: i32 = 8

function nameOf(index: i32): string {
  if (index === loadExecutable) return 'vm_load_executable'
  if (index === initialization) return 'vm_initialization'
  if (index === metadata) return '_metadata'
  if (index === functionMap) return 'webgpu.get_fmap'
  if (index === shader) return 'webgpu.get_shader'
  if (index === updatePrebuilt) return 'webgpu.update_prebuild'
  if (index === createCache) return 'create_tir_paged_kv_cache'
  return 'create_rnn_state'
}

/** A function object; it keeps `keeps` alive when not 0. */
export function makeFunction(kind: i32, index: i32, keeps: usize, result: usize): i32 {
  const object = makeObject(typeFunction, functionObjectBytes)
  if (object === 0) return outOfMemory()
  store<i32>(object + functionKind, kind)
  store<i32>(object + functionIndex, index)
  store<u32>(object + functionKeeps, <u32>keeps)
  if (keeps !== 0) keep(keeps)
  setObject(result, typeFunction, object)
  return 0
}

/** `ffi.SystemLib()`: the library's module. */
export function systemLibrary(result: usize): i32 {
  if (!hasImage()) return raise('this runtime carries no model library')
  const module = makeObject(typeModule, moduleObjectBytes)
  if (module === 0) return outOfMemory()
  store<i32>(module + moduleKind, moduleOfLibrary)
  setObject(result, typeModule, module)
  return 0
}

/** `ffi.ModuleGetFunction(module, name, query imports)`: a function, or nothing when there is none of that name. */
export function moduleFunction(args: usize, count: i32, result: usize): i32 {
  const module = count >= 2 ? objectOfType(args, typeModule) : 0
  if (module === 0 || typeOf(args + anyBytes) !== typeRawStr)
    return raise('ffi.ModuleGetFunction: expected a module and a name')
  const name = <usize>load<u32>(args + anyBytes + anyValue)
  const length = textLength(name)
  if (load<i32>(module + moduleKind) === moduleOfParams) {
    return isText('get_params', name, length) ? makeFunction(functionOfModule, getParams, module, result) : 0
  }
  for (let index = 0; index < moduleFunctions; index++) {
    if (isText(nameOf(index), name, length)) return makeFunction(functionOfModule, index, module, result)
  }
  const program = findProgram(name, length)
  return program < 0 ? 0 : makeFunction(functionOfProgram, program, module, result)
}

export function callModuleFunction(object: usize, args: usize, count: i32, result: usize): i32 {
  const module = <usize>load<u32>(object + functionKeeps)
  const index = load<i32>(object + functionIndex)
  if (index === loadExecutable) return giveObject(typeModule, module, result)
  if (index === initialization) return 0
  if (index === metadata) return giveText(header(headerMetadata), result)
  if (index === functionMap) return giveText(header(headerFunctionMap), result)
  if (index === shader) return giveShader(args, count, result)
  if (index === updatePrebuilt) return takeLauncher(args, count)
  if (index === createCache) return createState(args, count, result)
  if (index === createRecurrent) return createRecurrentState(args, count, result)
  return giveObject(typeArray, <usize>load<u32>(module + moduleParams), result)
}

/** `webgpu.get_shader(name)`: WGSL. */
function giveShader(args: usize, count: i32, result: usize): i32 {
  const kernel = kernelNamed(args, count)
  return kernel === 0 ? -1 : giveText(kernel + kernelSource, result)
}

/** `webgpu.update_prebuild(name, launcher)`: the compiled kernel. */
function takeLauncher(args: usize, count: i32): i32 {
  const kernel = kernelNamed(args, count)
  if (kernel === 0) return -1
  const launcher = count === 2 ? objectOfType(args + anyBytes, typeFunction) : 0
  if (launcher === 0 || load<i32>(launcher + functionKind) !== functionOfHost) {
    return raise('webgpu.update_prebuild: expected a name and a function of the host')
  }
  keep(launcher)
  const before = <usize>load<u32>(kernel + kernelLauncher)
  store<u32>(kernel + kernelLauncher, <u32>launcher)
  if (before !== 0) letGo(before)
  return 0
}

function kernelNamed(args: usize, count: i32): usize {
  if (count < 1 || typeOf(args) !== typeRawStr) {
    raise('expected the name of a kernel')
    return 0
  }
  const name = <usize>load<u32>(args + anyValue)
  const length = textLength(name)
  const kernels = kernelCount()
  for (let index = 0; index < kernels; index++) {
    const kernel = kernelAt(<u32>index)
    if (textSize(kernel + kernelName) === length && isSame(textAddress(kernel + kernelName), name, length))
      return kernel
  }
  say('this library has no kernel ')
  sayBytes(name, length)
  raise('')
  return 0
}

function giveText(entry: usize, result: usize): i32 {
  const text = makeText(typeStr, textAddress(entry), textSize(entry))
  if (text === 0) return -1
  setObject(result, typeStr, text)
  return 0
}

function giveObject(type: i32, object: usize, result: usize): i32 {
  keep(object)
  setObject(result, type, object)
  return 0
}
