// VM functions: a program of the plan, called with tensors, a state and the params array. The result is checked before anything is launched, and nothing
// is allocated on the GPU.
import { objectOf, popFrame, pushFrame, setObject, typeOf } from './any.ts'
import { arrayItem, makeArray } from './containers.ts'
import { currentState } from './current.ts'
import { copyWithinGpu } from './device.ts'
import { fail, raise, say, sayBytes, sayNumber } from './error.ts'
import {
  callForward,
  launchBytes,
  programArguments,
  programAt,
  programCall,
  programCount,
  programInputSlot,
  programLaunchCount,
  programLaunches,
  programName,
  programResult,
  programResultDtype,
  programResultLength,
  programResultSlot,
  programResultValues,
  programRowBytes,
  resultArray,
  resultNone,
  resultTensor,
  textAddress,
  textSize,
} from './image.ts'
import { callFrame, callParams, callTensorCount, callTensors, launch, mostTensors } from './launch.ts'
import { anyBytes, storageHandle, storageSize, tensorData, typeArray, typeState, typeTensor } from './layout.ts'
import { keep, letGo } from './object.ts'
import { slotStorage } from './state.ts'
import { byteOffset, bytesOf, elementsOf, isOnGpu, makeTensor, tensorElements, tensorSize } from './tensor.ts'
import { isSame, isText } from './text.ts'
import { evaluate, readVariables, setVariable, variable, variableElements, variableTokens } from './variables.ts'

const mostRank: i32 = 8
const batchLength: i32 = 6
const mostCountedArguments: i32 = 6

/** Index of the program with that name, -1 without one. `batch_prefill` and `batch_decode` are prefill and decode: one sequence, last row. */
export function findProgram(name: usize, length: i32): i32 {
  const found = exactProgram(name, length)
  if (found >= 0 || length <= batchLength || !isText('batch_', name, batchLength)) return found
  const single = exactProgram(name + <usize>batchLength, length - batchLength)
  return single >= 0 && load<u32>(programAt(single) + programCall) === callForward ? single : -1
}

function exactProgram(name: usize, length: i32): i32 {
  const count = programCount()
  for (let index = 0; index < count; index++) {
    const entry = programAt(index) + programName
    if (textSize(entry) === length && isSame(textAddress(entry), name, length)) return index
  }
  return -1
}

/** Calls program `index`. */
export function runProgram(index: i32, args: usize, count: i32, result: usize): i32 {
  const program = programAt(index)
  if (currentState() === 0) {
    sayProgram(program)
    return raise('called before its state was created')
  }
  const call = pushFrame(callFrame)
  if (call === 0) return raise('calls into the host nest too deep')
  let code = readArguments(program, args, count, call)
  const shape = code === 0 ? pushFrame(mostRank / 2) : 0
  if (code === 0) {
    code = shape === 0 ? raise('calls into the host nest too deep') : evaluateResult(program, call, shape)
    if (code === 0 && load<u32>(program + programCall) === callForward) code = takeInput(program, call)
    if (code === 0) code = launchAll(program, call)
    if (code === 0) code = giveResult(program, call, shape, result)
    if (shape !== 0) popFrame(mostRank / 2)
  }
  popFrame(callFrame)
  return code
}

/** Sorts the arguments: tensors are numbered, the params array and the state have their own place. */
function readArguments(program: usize, args: usize, count: i32, call: usize): i32 {
  readVariables(call)
  store<u32>(call + callParams, 0)
  let tensors = 0
  for (let index = 0; index < count; index++) {
    const any = args + <usize>index * anyBytes
    const type = typeOf(any)
    if (type === typeArray) store<u32>(call + callParams, <u32>objectOf(any))
    if (type === typeState && objectOf(any) !== currentState()) {
      sayProgram(program)
      return raise('called with a KV state of another library')
    }
    if (type !== typeTensor) continue
    if (tensors === mostTensors) {
      sayProgram(program)
      return raise('too many tensors')
    }
    const tensor = objectOf(any)
    store<u32>(call + callTensors + ((<usize>tensors) << 2), <u32>tensor)
    if (tensors < mostCountedArguments) setVariable(call, variableElements + <usize>tensors, tensorElements(tensor))
    tensors++
  }
  store<i32>(call + callTensorCount, tensors)
  const wanted = load<i32>(program + programArguments)
  if (tensors < wanted) {
    sayProgram(program)
    say('called with ')
    sayNumber(<f64>tensors)
    say(' tensors, expected ')
    sayNumber(<f64>wanted)
    return fail()
  }
  return 0
}

/** Writes the result's shape; raises when it does not fit its slot. */
function evaluateResult(program: usize, call: usize, shape: usize): i32 {
  const kind = load<u32>(program + programResult)
  if (kind !== resultTensor && kind !== resultArray) return 0
  const rank = load<i32>(program + programResultLength)
  const counts = <usize>load<u32>(program + programResultValues)
  for (let index: usize = 0; index < <usize>rank; index++) {
    store<i64>(shape + (index << 3), <i64>evaluate(call, load<u32>(counts + (index << 2))))
  }
  const elements = elementsOf(rank, shape)
  const bytes = bytesOf(elements, load<u32>(program + programResultDtype))
  const available = load<f64>(slotStorage(load<u32>(program + programResultSlot)) + storageSize)
  if (elements < 0 || bytes > available) {
    sayProgram(program)
    say('a result of ')
    sayNumber(bytes)
    say(' bytes does not fit its slot of ')
    sayNumber(available)
    return fail()
  }
  return 0
}

/** A forward pass: x has one row per token, and comes into the input slot unless it is there. */
function takeInput(program: usize, call: usize): i32 {
  const tokens = variable(call, variableTokens)
  if (tokens < 1) {
    sayProgram(program)
    return raise('called outside kv_state_begin_forward and kv_state_end_forward')
  }
  const x = <usize>load<u32>(call + callTensors)
  const bytes = tokens * load<f64>(program + programRowBytes)
  if (!isOnGpu(x) || tensorSize(x) !== bytes) {
    sayProgram(program)
    say('the input has ')
    sayNumber(tensorSize(x))
    say(' bytes, expected ')
    sayNumber(bytes)
    say(' on the GPU for ')
    sayNumber(tokens)
    return raise(' tokens')
  }
  const slot = load<u32>(slotStorage(load<u32>(program + programInputSlot)) + storageHandle)
  const buffer = load<u32>(x + tensorData)
  if (buffer === slot && byteOffset(x) === 0) return 0
  return copyWithinGpu(buffer, byteOffset(x), slot, 0, bytes)
}

function launchAll(program: usize, call: usize): i32 {
  const count = load<i32>(program + programLaunchCount)
  let entry = <usize>load<u32>(program + programLaunches)
  for (let index = 0; index < count; index++) {
    if (launch(entry, call) !== 0) return -1
    entry += launchBytes(entry)
  }
  return 0
}

function giveResult(program: usize, call: usize, shape: usize, result: usize): i32 {
  const kind = load<u32>(program + programResult)
  if (kind === resultNone) return 0
  const length = load<i32>(program + programResultLength)
  if (kind === resultTensor || kind === resultArray) {
    const storage = slotStorage(load<u32>(program + programResultSlot))
    const tensor = makeTensor(storage, length, shape, load<u32>(program + programResultDtype), 0)
    if (tensor === 0) return -1
    if (kind === resultTensor) {
      setObject(result, typeTensor, tensor)
      return 0
    }
    const array = makeArray(1)
    if (array === 0) {
      letGo(tensor)
      return -1
    }
    setObject(arrayItem(array, 0), typeTensor, tensor)
    setObject(result, typeArray, array)
    return 0
  }
  const array = makeArray(length)
  if (array === 0) return -1
  const indices = <usize>load<u32>(program + programResultValues)
  for (let index = 0; index < length; index++) {
    const argument = <usize>load<u32>(indices + ((<usize>index) << 2))
    const tensor = <usize>load<u32>(call + callTensors + (argument << 2))
    keep(tensor)
    setObject(arrayItem(array, index), typeTensor, tensor)
  }
  setObject(result, typeArray, array)
  return 0
}

function sayProgram(program: usize): void {
  sayBytes(textAddress(program + programName), textSize(program + programName))
  say(': ')
}
