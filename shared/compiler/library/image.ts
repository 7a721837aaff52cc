// The binary image of a plan: what the runtime reads. It lies in the memory window below the runtime's own data, so all addresses are known here and
// stored absolute. Little endian, every table 8-aligned.
//
//   header    0 u32 magic "HRTH"  4 u32 version   then {u32 address, u32 size} of:  8 metadata (JSON, bytes)  16 function map (JSON, bytes)
//            24 kernels  32 counts  40 slots  48 constants  56 programs (sizes in entries)      64 u32 number of parameters
//            68 u32 maximum positions  72 u32 state (0 kv_cache, 1 rnn_state, 2 hybrid)  76 u32 chunk of rnn_state
//   kernel   24 bytes:   0 name {address, bytes}  8 WGSL {address, bytes}  16 u32 bit n: binding n is written  20 u32 launcher (the runtime's, 0 here)
//   count    32 bytes:   0 u32 variable (index in `variables`)  8 f64 divide  16 f64 multiply  24 f64 add
//   slot     16 bytes:   0 name {address, bytes}  8 u32 count of its bytes
//   constant  8 bytes:   0 {address, bytes}
//   program  64 bytes:   0 name {address, bytes}  8 u32 call (0 plain, 1 forward)  12 u32 input slot  16 f64 bytes of an input row
//                        24 u32 first launch  28 u32 launches  32 u32 result (0 none, 1 tensor, 2 array, 3 arguments)  36 u32 slot
//                        40 u32 dtype {u8 code, u8 bits, u16 lanes}  44 u32 length  48 u32 address of the shape's counts or the argument indices
//                        52 u32 tensor arguments the program reads
//   launch, one after another, each padded to 8:
//                        0 u32 kernel  4 u32 variable of the condition (0xffffffff none)  8 f64 minimum  16 f64 maximum  24 u32 count of x  28 u32 of y
//                        32 u16 buffers  34 u16 scalars  36 u32 each: buffers (kind << 28 | index: 0 param, 1 slot, 2 constant, 3 argument), counts
import { Blob, concat, type Place, record, words } from './bytes.ts'
import { type BufferRef, type Count, type Launch, type LibraryPlan, type Program, variables } from './plan.ts'

/** Memory the image may occupy. The runtime is built with its own data from `end` on; below `start` lie the host's scratch words. */
export const imageWindow = { start: 2_048, end: 4_194_304 } as const

const magic = 0x4854_5248
const version = 2
const headerBytes = 80
const noVariable = 0xffff_ffff
const refKinds = { param: 0, slot: 1, constant: 2, argument: 3 } as const
const stateKinds = { kv_cache: 0, rnn_state: 1, hybrid: 2 } as const
const resultKinds = { none: 0, tensor: 1, array: 2, arguments: 3 } as const
const dtypes = { float32: 0x1_20_02, int32: 0x1_20_00 } as const

/** Lays a plan that passed checkPlan out from imageWindow.start on. Throws when it does not fit the window. */
export function buildImage(plan: LibraryPlan): Uint8Array<ArrayBuffer> {
  const blob = new Blob(imageWindow.start)
  blob.reserve(headerBytes)
  const kernels = uniqueKernels(plan)
  const kernelIndex = new Map(kernels.map((kernel, index) => [kernel.name, index]))
  const counts = new Counts()
  const metadata = blob.text(asciiJson(plan.metadata))
  const functionMap = blob.text(functionMapOf(plan))
  const kernelTable = blob.table(
    kernels.map((kernel) => {
      const writes = kernel.bindings.reduce((bits, b, index) => bits | (b.access === 'read_write' ? 1 << index : 0), 0)
      return record(24, { texts: [blob.text(kernel.name), blob.text(kernel.wgsl)], words: [[16, writes]] })
    }),
  )
  const slotTable = blob.table(
    plan.slots.map((slot) => record(16, { texts: [blob.text(slot.name)], words: [[8, counts.index(slot.sizeBytes)]] })),
  )
  const constantTable = blob.table(plan.constants.map(({ bytes }) => record(8, { texts: [blob.bytes(bytes)] })))
  const programTable = blob.table(
    plan.programs.map((program) => {
      const launches = program.launches.map((launch) => launchRecord(launch, kernelIndex, counts))
      return programRecord(plan, program, blob.text(program.name), blob.bytes(concat(launches)), (values) => {
        return blob.bytes(words(values.map((value) => (typeof value === 'number' ? value : counts.index(value)))))
      })
    }),
  )
  const countTable = blob.table(counts.list.map(countRecord))
  const texts = [metadata, functionMap, kernelTable, countTable, slotTable, constantTable, programTable]
  const room = imageWindow.end - imageWindow.start
  if (blob.size > room) throw new Error(`the library's plan takes ${blob.size} bytes, the runtime has room for ${room}`)
  return blob.finish(
    record(headerBytes, {
      words: [
        [0, magic],
        [4, version],
        [64, plan.params.length],
        [68, plan.maximumPositions],
        [72, stateKinds[plan.state.kind]],
        [76, plan.state.kind === 'rnn_state' ? plan.state.chunkTokens : 0],
      ],
      texts,
      textsAt: 8,
    }),
  )
}

/** Kernels by first use. */
export function uniqueKernels(plan: LibraryPlan): readonly Launch['kernel'][] {
  const byName = new Map(plan.programs.flatMap(({ launches }) => launches.map(({ kernel }) => [kernel.name, kernel])))
  return [...byName.values()]
}

/** `webgpu.get_fmap`: how the host builds and calls each kernel's pipeline. */
function functionMapOf(plan: LibraryPlan): string {
  const entries = uniqueKernels(plan).map(({ name, bindings, scalars }) => {
    const access = bindings.map((binding) => (binding.access === 'read_write' ? 1 : 0))
    const argTypes = [...bindings.map(() => 'handle'), ...scalars.map(() => 'uint32')]
    const tags = ['blockIdx.x', 'blockIdx.y', `paramWriteAccess:${JSON.stringify(access)}`]
    return [name, { name, arg_types: argTypes, launch_param_tags: tags }]
  })
  return asciiJson(Object.fromEntries(entries))
}

/** The host reads one byte as one character. */
function asciiJson(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)
}

function programRecord(
  plan: LibraryPlan,
  program: Program,
  name: Place,
  launches: Place,
  place: (values: readonly (number | Count)[]) => Place,
): Uint8Array {
  const { call, result } = program
  const inputSlot = call.kind === 'forward' ? call.inputSlot : 0
  const values = result.kind === 'none' ? [] : result.kind === 'arguments' ? result.indices : result.tensor.shape
  const tensor = result.kind === 'tensor' || result.kind === 'array' ? result.tensor : undefined
  const bytes = record(64, {
    texts: [name],
    words: [
      [8, call.kind === 'forward' ? 1 : 0],
      [12, inputSlot],
      [24, launches.address],
      [28, program.launches.length],
      [32, resultKinds[result.kind]],
      [36, tensor?.slot ?? 0],
      [40, tensor === undefined ? 0 : dtypes[tensor.dtype]],
      [44, values.length],
      [48, place(values).address],
      [52, tensorArguments(program)],
    ],
  })
  const rowBytes = call.kind === 'forward' ? rowBytesOf(plan.slots[inputSlot]?.sizeBytes) : 0
  new DataView(bytes.buffer).setFloat64(16, rowBytes, true)
  return bytes
}

/** Bytes per token of an input slot; 0 when its size is no multiple of the chunk. */
export function rowBytesOf(size: Count | undefined): number {
  if (size === undefined || size.variable !== 'chunk' || size.multiply % size.divide !== 0) return 0
  return size.multiply / size.divide
}

/** How many tensor arguments the program needs: one more than the highest it names. */
function tensorArguments(program: Program): number {
  const counted = (count: Count) => (count.variable.startsWith('elements') ? Number(count.variable.slice(8)) + 1 : 0)
  const { result } = program
  const named = program.launches.flatMap(({ buffers, scalars, grid, only }) => [
    ...buffers.map((buffer) => (buffer.kind === 'argument' ? buffer.index + 1 : 0)),
    ...[...scalars, ...grid].map(counted),
    only?.variable.startsWith('elements') === true ? Number(only.variable.slice(8)) + 1 : 0,
  ])
  const given =
    result.kind === 'arguments'
      ? result.indices.map((index) => index + 1)
      : result.kind === 'none'
        ? []
        : result.tensor.shape.map(counted)
  return Math.max(program.call.kind === 'forward' ? 1 : 0, ...named, ...given)
}

function launchRecord(launch: Launch, kernels: ReadonlyMap<string, number>, counts: Counts): Uint8Array {
  const { buffers, scalars, grid, only } = launch
  const values = [...buffers.map(reference), ...scalars.map((scalar) => counts.index(scalar))]
  const bytes = record(Math.ceil((36 + values.length * 4) / 8) * 8, {
    words: [
      [0, kernels.get(launch.kernel.name) ?? 0],
      [4, only === undefined ? noVariable : variables.indexOf(only.variable)],
      [24, counts.index(grid[0])],
      [28, counts.index(grid[1])],
      [32, buffers.length | (scalars.length << 16)],
      ...values.map((value, index): [number, number] => [36 + index * 4, value]),
    ],
  })
  const view = new DataView(bytes.buffer)
  view.setFloat64(8, only?.minimum ?? 0, true)
  view.setFloat64(16, only?.maximum ?? 0, true)
  return bytes
}

function reference(ref: BufferRef): number {
  return ((refKinds[ref.kind] << 28) | ref.index) >>> 0
}

function countRecord(count: Count): Uint8Array {
  const bytes = record(32, { words: [[0, variables.indexOf(count.variable)]] })
  const view = new DataView(bytes.buffer)
  view.setFloat64(8, count.divide, true)
  view.setFloat64(16, count.multiply, true)
  view.setFloat64(24, count.add, true)
  return bytes
}

/** Each distinct count once. */
class Counts {
  readonly list: Count[] = []
  readonly #indices = new Map<string, number>()

  index(count: Count): number {
    const key = `${count.variable}/${count.divide}*${count.multiply}+${count.add}`
    const known = this.#indices.get(key)
    if (known !== undefined) return known
    this.#indices.set(key, this.list.length)
    return this.list.push(count) - 1
  }
}
