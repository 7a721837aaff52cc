// Launching one kernel through the function the host made for it: buffers, scalars, then the grid.
import { objectOfType, popFrame, pushFrame, setNone, setNumber, setPointer } from './any.ts'
import { arrayItem } from './containers.ts'
import { fail, raise, say, sayBytes, sayNumber } from './error.ts'
import { hostCall } from './host.ts'
import {
  kernelAt,
  kernelLauncher,
  kernelName,
  kernelWrites,
  launchBuffers,
  launchGridX,
  launchGridY,
  launchKernel,
  launchMaximum,
  launchMinimum,
  launchOnly,
  launchScalars,
  launchValues,
  noVariable,
  refConstant,
  refMask,
  refParam,
  refShift,
  refSlot,
  textAddress,
  textSize,
} from './image.ts'
import { anyBytes, anyValue, arrayLength, functionIndex, storageHandle, tensorData, typeTensor } from './layout.ts'
import { constantStorage, slotStorage } from './state.ts'
import { byteOffset, isOnGpu } from './tensor.ts'
import { evaluate, variable } from './variables.ts'

/** One call of a VM function: 120 bytes of variables, the params array, the number of tensor arguments, the tensors. */
export const callParams: usize = 120
export const callTensorCount: usize = 124
export const callTensors: usize = 128
export const mostTensors: i32 = 8
/** In Any. */
export const callFrame: i32 = 10

const mostScalar: f64 = 4294967295
const mostGridY: f64 = 65535

/** 0 also when the launch is not wanted now: its condition does not hold or it has no workgroups. */
export function launch(entry: usize, call: usize): i32 {
  const only = load<u32>(entry + launchOnly)
  if (only !== noVariable) {
    const value = variable(call, <usize>only)
    if (value < load<f64>(entry + launchMinimum) || value > load<f64>(entry + launchMaximum)) return 0
  }
  const x = evaluate(call, load<u32>(entry + launchGridX))
  const y = evaluate(call, load<u32>(entry + launchGridY))
  const kernel = kernelAt(load<u32>(entry + launchKernel))
  if (x === 0 || y === 0) return 0
  if (!(x > 0 && x <= mostScalar && y > 0 && y <= mostGridY)) {
    sayKernel(kernel)
    say('a grid of ')
    sayNumber(x)
    say(' by ')
    sayNumber(y)
    return raise(' workgroups')
  }
  const launcher = <usize>load<u32>(kernel + kernelLauncher)
  if (launcher === 0) {
    sayKernel(kernel)
    return raise('launched before the host compiled it')
  }
  const buffers = <i32>load<u16>(entry + launchBuffers)
  const scalars = <i32>load<u16>(entry + launchScalars)
  const count = buffers + scalars + 2
  const frame = pushFrame(count + 1)
  if (frame === 0) return raise('calls into the host nest too deep')
  let code = bindBuffers(entry, kernel, buffers, call, frame)
  if (code === 0) code = bindScalars(entry, kernel, buffers, scalars, call, frame)
  if (code === 0) {
    const grid = frame + <usize>(buffers + scalars) * anyBytes
    setNumber(grid, x)
    setNumber(grid + anyBytes, y)
    setNone(grid + 2 * anyBytes)
    code = hostCall(load<i32>(launcher + functionIndex), frame, count, grid + 2 * anyBytes)
  }
  popFrame(count + 1)
  return code
}

function bindBuffers(entry: usize, kernel: usize, buffers: i32, call: usize, frame: usize): i32 {
  const writes = load<u32>(kernel + kernelWrites)
  for (let index = 0; index < buffers; index++) {
    const buffer = bufferOf(load<u32>(entry + launchValues + ((<usize>index) << 2)), kernel, call)
    if (buffer === 0) return -1
    for (let other = 0; other < index; other++) {
      if (load<u32>(frame + <usize>other * anyBytes + anyValue) !== buffer) continue
      if (((writes >> index) & 1) === 0 && ((writes >> other) & 1) === 0) continue
      sayKernel(kernel)
      say('bindings ')
      sayNumber(<f64>other)
      say(' and ')
      sayNumber(<f64>index)
      return raise(' are one buffer, and one is written')
    }
    setPointer(frame + <usize>index * anyBytes, buffer)
  }
  return 0
}

function bindScalars(entry: usize, kernel: usize, buffers: i32, scalars: i32, call: usize, frame: usize): i32 {
  const first = entry + launchValues + ((<usize>buffers) << 2)
  for (let index = 0; index < scalars; index++) {
    const value = evaluate(call, load<u32>(first + ((<usize>index) << 2)))
    if (!(value >= 0 && value <= mostScalar)) {
      sayKernel(kernel)
      say('scalar ')
      sayNumber(<f64>index)
      say(' is ')
      sayNumber(value)
      return raise(', which is no u32')
    }
    setNumber(frame + <usize>(buffers + index) * anyBytes, value)
  }
  return 0
}

/** The GPU buffer a reference means now; 0 with an error. */
function bufferOf(reference: u32, kernel: usize, call: usize): u32 {
  const kind = reference >> refShift
  const index = reference & refMask
  if (kind === refSlot) return load<u32>(slotStorage(index) + storageHandle)
  if (kind === refConstant) return load<u32>(constantStorage(index) + storageHandle)
  let tensor: usize = 0
  if (kind === refParam) {
    const params = <usize>load<u32>(call + callParams)
    if (params !== 0 && <i32>index < load<i32>(params + arrayLength)) {
      tensor = objectOfType(arrayItem(params, <i32>index), typeTensor)
    }
  } else if (<i32>index < load<i32>(call + callTensorCount)) {
    tensor = <usize>load<u32>(call + callTensors + ((<usize>index) << 2))
  }
  if (tensor === 0) sayReference(kernel, kind, index, 'is missing')
  else if (!isOnGpu(tensor)) sayReference(kernel, kind, index, 'is not on the GPU')
  else if (byteOffset(tensor) !== 0)
    sayReference(kernel, kind, index, 'is a view with an offset, kernels bind whole buffers')
  else return load<u32>(tensor + tensorData)
  return 0
}

function sayReference(kernel: usize, kind: u32, index: u32, problem: string): void {
  sayKernel(kernel)
  say(kind === refParam ? 'parameter ' : 'argument ')
  sayNumber(<f64>index)
  say(' ')
  say(problem)
  fail()
}

function sayKernel(kernel: usize): void {
  say('kernel ')
  sayBytes(textAddress(kernel + kernelName), textSize(kernel + kernelName))
  say(': ')
}
