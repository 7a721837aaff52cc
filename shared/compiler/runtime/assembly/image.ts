// The plan, as the packer lays it into memory below the runtime's own data: see shared/compiler/library/image.ts for the byte table. Offsets in bytes.

const imageBase: usize = 2048
const magic: u32 = 0x48545248
const version: u32 = 2

export const headerMetadata: usize = 8
export const headerFunctionMap: usize = 16
const headerKernels: usize = 24
const headerCounts: usize = 32
const headerSlots: usize = 40
const headerConstants: usize = 48
const headerPrograms: usize = 56
const headerPositions: usize = 68
const headerState: usize = 72
const headerChunk: usize = 76

const kernelBytes: usize = 24
export const kernelName: usize = 0
export const kernelSource: usize = 8
/** Bit n: binding n is written. */
export const kernelWrites: usize = 16
/** The launcher the host made, kept by the runtime. */
export const kernelLauncher: usize = 20

const countBytes: usize = 32
export const countVariable: usize = 0
export const countDivide: usize = 8
export const countMultiply: usize = 16
export const countAdd: usize = 24

const slotBytes: usize = 16
export const slotName: usize = 0
export const slotCount: usize = 8

const constantBytes: usize = 8
export const constantData: usize = 0
export const constantSize: usize = 4

const programBytes: usize = 64
export const programName: usize = 0
export const programCall: usize = 8
export const programInputSlot: usize = 12
export const programRowBytes: usize = 16
export const programLaunches: usize = 24
export const programLaunchCount: usize = 28
export const programResult: usize = 32
export const programResultSlot: usize = 36
export const programResultDtype: usize = 40
export const programResultLength: usize = 44
export const programResultValues: usize = 48
export const programArguments: usize = 52

export const launchKernel: usize = 0
export const launchOnly: usize = 4
export const launchMinimum: usize = 8
export const launchMaximum: usize = 16
export const launchGridX: usize = 24
export const launchGridY: usize = 28
export const launchBuffers: usize = 32
export const launchScalars: usize = 34
export const launchValues: usize = 36

export const noVariable: u32 = 0xffffffff
export const refParam: u32 = 0
export const refSlot: u32 = 1
export const refConstant: u32 = 2
export const refShift: u32 = 28
export const refMask: u32 = 0x0fffffff

/** What the state holds, and with that which functions create it. */
export const stateCache: u32 = 0
export const stateRecurrent: u32 = 1
export const stateHybrid: u32 = 2

export const callForward: u32 = 1
export const resultNone: u32 = 0
export const resultTensor: u32 = 1
export const resultArray: u32 = 2

/** A plan was packed beside the runtime, in the version this runtime reads. */
export function hasImage(): bool {
  return load<u32>(imageBase) === magic && load<u32>(imageBase + 4) === version
}

/** A text of the header or of an entry: {address, bytes}. */
export function header(field: usize): usize {
  return imageBase + field
}

export function textAddress(entry: usize): usize {
  return <usize>load<u32>(entry)
}

export function textSize(entry: usize): i32 {
  return load<i32>(entry + 4)
}

export function kernelCount(): i32 {
  return load<i32>(imageBase + headerKernels + 4)
}

export function kernelAt(index: u32): usize {
  return <usize>load<u32>(imageBase + headerKernels) + <usize>index * kernelBytes
}

export function countAt(index: u32): usize {
  return <usize>load<u32>(imageBase + headerCounts) + <usize>index * countBytes
}

export function slotsInPlan(): i32 {
  return load<i32>(imageBase + headerSlots + 4)
}

export function slotAt(index: u32): usize {
  return <usize>load<u32>(imageBase + headerSlots) + <usize>index * slotBytes
}

export function constantsInPlan(): i32 {
  return load<i32>(imageBase + headerConstants + 4)
}

export function constantAt(index: u32): usize {
  return <usize>load<u32>(imageBase + headerConstants) + <usize>index * constantBytes
}

export function programCount(): i32 {
  return load<i32>(imageBase + headerPrograms + 4)
}

export function programAt(index: i32): usize {
  return <usize>load<u32>(imageBase + headerPrograms) + <usize>index * programBytes
}

/** Absolute positions the plan can address. */
export function mostPositions(): i32 {
  return load<i32>(imageBase + headerPositions)
}

export function stateKind(): u32 {
  return load<u32>(imageBase + headerState)
}

/** Tokens of a pass at most, where the state is created without saying so. */
export function recurrentChunk(): i32 {
  return load<i32>(imageBase + headerChunk)
}

/** Bytes of a launch entry with so many buffers and scalars: entries stand one after the other, 8-aligned. */
export function launchBytes(launch: usize): usize {
  const values = <usize>load<u16>(launch + launchBuffers) + <usize>load<u16>(launch + launchScalars)
  return (launchValues + (values << 2) + 7) & ~(<usize>7)
}
