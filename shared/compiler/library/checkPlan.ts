// What a plan must fulfil before it is packed. A broken plan is a bug of the graph, so each problem throws and names its place.
import type { Kernel } from '../kernels/kernel.ts'
import { rowBytesOf } from './image.ts'
import { type BufferRef, type Count, type Launch, type LibraryPlan, type Program, variables } from './plan.ts'

/** elements0 to elements5 exist, so tensor arguments do too. */
const mostArguments = 6
const mostLaunchValues = 64
const mostRank = 8
const mostChunkTokens = 2 ** 30
const mostEntries = 2 ** 28

/** Throws an Error naming program, launch and problem. */
export function checkPlan(plan: LibraryPlan): void {
  checkNames('slot', plan.slots)
  checkNames('program', plan.programs)
  if (new Set(plan.params).size !== plan.params.length) throw new Error('plan: a parameter is named twice')
  if (!plan.params.every(isAscii)) throw new Error('plan: a parameter name is not ASCII')
  const { maximumPositions } = plan
  if (!Number.isInteger(maximumPositions) || maximumPositions < 1 || maximumPositions > 2 ** 31 - 1) {
    throw new Error(`plan: ${maximumPositions} positions`)
  }
  const { state } = plan
  if (plan.metadata.kv_state_kind !== state.kind)
    throw new Error(`plan: metadata says ${String(plan.metadata.kv_state_kind)}, the state is ${state.kind}`)
  if (state.kind === 'rnn_state' && !isChunk(state.chunkTokens))
    throw new Error(`plan: a chunk of ${state.chunkTokens} tokens`)
  const known = state.kind === 'rnn_state' ? ['one', 'chunk'] : ['one', 'chunk', 'capacity']
  for (const { name, sizeBytes } of plan.slots) {
    checkCount(`slot ${name}`, sizeBytes)
    if (!known.includes(sizeBytes.variable)) {
      throw new Error(`slot ${name}: its size depends on ${sizeBytes.variable}, unknown when it is allocated`)
    }
  }
  for (const { name, bytes } of plan.constants) {
    if (bytes.length === 0 || bytes.length % 4 !== 0) throw new Error(`constant ${name}: ${bytes.length} bytes`)
  }
  const kernels = new Map<string, Kernel>()
  for (const program of plan.programs) checkProgram(plan, program, kernels)
}

function checkProgram(plan: LibraryPlan, program: Program, kernels: Map<string, Kernel>): void {
  const { call, result } = program
  if (call.kind === 'forward' && rowBytesOf(plan.slots[call.inputSlot]?.sizeBytes) === 0) {
    throw new Error(
      `${program.name}: input slot ${call.inputSlot} is not a whole number of bytes per token of the chunk`,
    )
  }
  for (const [index, launch] of program.launches.entries()) {
    checkLaunch(plan, `${program.name}: launch ${index} (${launch.kernel.name})`, launch)
    const known = kernels.get(launch.kernel.name)
    if (known === undefined && !(/^[A-Za-z_][A-Za-z0-9_]*$/.test(launch.kernel.name) && isAscii(launch.kernel.wgsl))) {
      throw new Error(`${program.name}: kernel ${launch.kernel.name}: names and WGSL are ASCII`)
    }
    if (known !== undefined && known !== launch.kernel && !isSameKernel(known, launch.kernel)) {
      throw new Error(`${program.name}: two different kernels are named ${launch.kernel.name}`)
    }
    kernels.set(launch.kernel.name, launch.kernel)
  }
  if (result.kind === 'arguments') {
    if (result.indices.some((index) => !isIndex(index, mostArguments))) {
      throw new Error(`${program.name}: the result names an argument that does not exist`)
    }
  } else if (result.kind !== 'none') {
    const { slot, shape } = result.tensor
    if (!isIndex(slot, plan.slots.length)) throw new Error(`${program.name}: the result names slot ${slot}`)
    if (shape.length > mostRank) throw new Error(`${program.name}: the result has ${shape.length} dimensions`)
    for (const size of shape) checkCount(program.name, size)
  }
}

function checkLaunch(plan: LibraryPlan, place: string, launch: Launch): void {
  const { kernel, buffers, scalars, grid, only } = launch
  if (buffers.length !== kernel.bindings.length || scalars.length !== kernel.scalars.length) {
    throw new Error(
      `${place}: ${buffers.length} buffers and ${scalars.length} scalars for ${kernel.bindings.length} bindings and ` +
        `${kernel.scalars.length} scalars`,
    )
  }
  if (buffers.length + scalars.length > mostLaunchValues) throw new Error(`${place}: too many arguments`)
  for (const [index, buffer] of buffers.entries()) {
    if (!isIndex(buffer.index, entriesOf(plan, buffer))) {
      throw new Error(`${place}: binding ${index} is ${buffer.kind} ${buffer.index}, which does not exist`)
    }
    const other = buffers.findIndex((ref) => ref.kind === buffer.kind && ref.index === buffer.index)
    const writes = [index, other].some((binding) => kernel.bindings[binding]?.access === 'read_write')
    if (other !== index && writes)
      throw new Error(`${place}: bindings ${other} and ${index} are one buffer, and one is written`)
    if (buffer.kind === 'constant' && kernel.bindings[index]?.access === 'read_write') {
      throw new Error(`${place}: binding ${index} writes a constant`)
    }
  }
  for (const count of [...scalars, ...grid]) checkCount(place, count)
  if (only !== undefined && !variables.includes(only.variable))
    throw new Error(`${place}: condition on ${only.variable}`)
}

function entriesOf(plan: LibraryPlan, ref: BufferRef): number {
  switch (ref.kind) {
    case 'param':
      return plan.params.length
    case 'slot':
      return plan.slots.length
    case 'constant':
      return plan.constants.length
    case 'argument':
      return mostArguments
    default:
      return ref satisfies never
  }
}

function checkCount(place: string, count: Count): void {
  const { variable, divide, multiply, add } = count
  const whole = Number.isInteger(divide) && divide >= 1 && Number.isSafeInteger(multiply) && Number.isSafeInteger(add)
  if (!variables.includes(variable) || !whole) {
    throw new Error(`${place}: ceil(${variable} / ${divide}) * ${multiply} + ${add} is no count`)
  }
}

function checkNames(kind: string, entries: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of entries) {
    if (seen.has(name)) throw new Error(`${kind} ${name}: named twice`)
    if (!isAscii(name)) throw new Error(`${kind} ${name}: its name is not ASCII`)
    seen.add(name)
  }
}

function isChunk(tokens: number): boolean {
  return Number.isInteger(tokens) && tokens >= 1 && tokens <= mostChunkTokens
}

function isSameKernel(a: Kernel, b: Kernel): boolean {
  return (
    a.wgsl === b.wgsl &&
    JSON.stringify(a.bindings) === JSON.stringify(b.bindings) &&
    JSON.stringify(a.scalars) === JSON.stringify(b.scalars)
  )
}

function isIndex(index: number, length: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < Math.min(length, mostEntries)
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character >= '\n' && character <= '~')
}
