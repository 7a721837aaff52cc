import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { imageWindow } from '../../../shared/compiler/library/image.ts'
import { packLibrary } from '../../../shared/compiler/library/packLibrary.ts'
import { constant, count, type Launch, type LibraryPlan } from '../../../shared/compiler/library/plan.ts'
import { addDataSegment } from '../../../shared/compiler/library/wasm.ts'
import { readRuntime } from '../../support/runtime.ts'
import { toyModel } from '../../support/toyModel.ts'

const runtime = await readRuntime()
const { plan } = toyModel({ seed: 1 })
const { plan: recurrent } = toyModel({ seed: 1, state: 'rnn_state' })

/** The plan with the first launch of its first program changed. */
function withLaunch(change: (launch: Launch) => Launch): LibraryPlan {
  const [first, ...rest] = plan.programs
  const [launch, ...launches] = first?.launches ?? []
  if (first === undefined || launch === undefined) throw new Error('the toy has a program with a launch')
  return { ...plan, programs: [{ ...first, launches: [change(launch), ...launches] }, ...rest] }
}

test('the runtime in resources is what its source builds, byte for byte', async () => {
  const build = new URL('../../../shared/compiler/runtime/build.mjs', import.meta.url).href
  const { buildRuntime } = (await import(build)) as { buildRuntime: () => Promise<Uint8Array> }
  expect(Buffer.from(await buildRuntime()).equals(runtime)).toBe(true)
})

test('a library imports the two functions every web-llm offers and exports what web-llm needs', async () => {
  const module = await WebAssembly.compile(packLibrary(runtime, plan))
  expect(WebAssembly.Module.imports(module)).toEqual([
    { module: 'env', name: 'TVMFFIWasmSafeCall', kind: 'function' },
    { module: 'env', name: 'TVMFFIWasmFunctionDeleter', kind: 'function' },
  ])
  const names = WebAssembly.Module.exports(module).map(({ name }) => name)
  const required = [
    'memory',
    '_initialize',
    'TVMWasmAllocSpace',
    'TVMWasmFreeSpace',
    'TVMFFIWasmGetLastError',
    'TVMFFIErrorSetRaisedFromCStr',
    'TVMFFIFunctionGetGlobal',
    'TVMFFIFunctionSetGlobal',
    'TVMFFIFunctionCall',
    'TVMFFIWasmFunctionCreate',
    'TVMFFIAnyViewToOwnedAny',
    'TVMFFIObjectIncRef',
    'TVMFFIObjectDecRef',
    'TVMFFITypeKeyToIndex',
  ]
  expect(required.filter((name) => !names.includes(name))).toEqual([])
})

test('packing twice gives the same bytes', () => {
  const again = packLibrary(runtime, toyModel({ seed: 1 }).plan)
  expect(Buffer.from(packLibrary(runtime, plan)).equals(again)).toBe(true)
})

test('a plan of 80 layers takes little room: kernels, counts and equal programs are stored once', () => {
  const [program] = plan.programs.filter(({ name }) => name === 'prefill')
  if (program === undefined) throw new Error('the toy has a prefill')
  const launches = Array.from({ length: 80 * 4 }, () => program.launches).flat()
  const large = { ...plan, programs: ['prefill', 'decode'].map((name) => ({ ...program, name, launches })) }
  expect(launches.length).toBe(80 * 8)
  expect(packLibrary(runtime, large).length - packLibrary(runtime, plan).length).toBeLessThan(64 * 1024)
})

test('two kernels of one name must be the same kernel', () => {
  const broken = withLaunch((launch) => launch)
  const [first] = broken.programs
  const launch = first?.launches[0]
  if (first === undefined || launch === undefined) throw new Error('the toy has a launch')
  const other = { ...launch, kernel: { ...launch.kernel, wgsl: `${launch.kernel.wgsl}\n` } }
  const programs = [{ ...first, launches: [launch, other] }]
  expect(() => packLibrary(runtime, { ...plan, programs })).toThrow('two different kernels are named toy_embed')
})

test.each<[string, LibraryPlan, string]>([
  [
    'buffers that do not match the bindings',
    withLaunch((launch) => ({ ...launch, buffers: launch.buffers.slice(1) })),
    'embed: launch 0 (toy_embed): 1 buffers and 1 scalars for 2 bindings and 1 scalars',
  ],
  [
    'a slot that does not exist',
    withLaunch((launch) => ({ ...launch, buffers: [{ kind: 'slot', index: 99 }, ...launch.buffers.slice(1)] })),
    'binding 0 is slot 99, which does not exist',
  ],
  [
    'a buffer bound twice and written',
    withLaunch((launch) => ({ ...launch, buffers: [0, 0].map((index) => ({ kind: 'slot' as const, index })) })),
    'bindings 0 and 1 are one buffer, and one is written',
  ],
  [
    'a constant that is written',
    withLaunch((launch) => ({
      ...launch,
      buffers: [
        { kind: 'argument', index: 0 },
        { kind: 'constant', index: 0 },
      ],
    })),
    'binding 1 writes a constant',
  ],
  [
    'a count that divides by zero',
    withLaunch((launch) => ({ ...launch, grid: [count('tokens', { divide: 0 }), constant(1)] })),
    'ceil(tokens / 0) * 1 + 0 is no count',
  ],
  [
    'a slot sized by the tokens of one pass',
    { ...plan, slots: plan.slots.map((slot) => ({ ...slot, sizeBytes: count('tokens') })) },
    'slot x: its size depends on tokens',
  ],
  [
    'an input slot that is no whole number of bytes per token',
    { ...plan, slots: plan.slots.map((slot) => ({ ...slot, sizeBytes: constant(64) })) },
    'input slot 0 is not a whole number of bytes per token',
  ],
  [
    'a state that web-llm is told is another',
    { ...plan, state: { kind: 'hybrid' } },
    'metadata says kv_cache, the state is hybrid',
  ],
  [
    'a recurrent state without a chunk',
    { ...recurrent, state: { kind: 'rnn_state', chunkTokens: 0 } },
    'a chunk of 0 tokens',
  ],
  [
    'a recurrent state sized by a context that nobody names',
    { ...recurrent, slots: plan.slots },
    'slot cache.ids: its size depends on capacity',
  ],
  ['a slot named twice', { ...plan, slots: [...plan.slots, ...plan.slots] }, 'slot x: named twice'],
  ['a program named twice', { ...plan, programs: [...plan.programs, ...plan.programs] }, 'program embed: named twice'],
  ['a parameter named twice', { ...plan, params: ['table', 'table'] }, 'a parameter is named twice'],
  [
    'a constant that is no whole word',
    { ...plan, constants: [{ name: 'c', bytes: new Uint8Array(3) }] },
    'constant c: 3 bytes',
  ],
  [
    'WGSL outside ASCII',
    withLaunch((launch) => ({ ...launch, kernel: { ...launch.kernel, wgsl: '// ×' } })),
    'names and WGSL are ASCII',
  ],
  [
    'more than the window holds',
    { ...plan, constants: [{ name: 'c', bytes: new Uint8Array(imageWindow.end) }] },
    'the runtime has room for 4192256',
  ],
])('a plan with %s is refused', (_, broken, message) => {
  expect(() => packLibrary(runtime, broken)).toThrow(message)
})

test('what is no runtime is refused', async () => {
  const wasm = (bytes: readonly number[]) => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes])
  expect(() => packLibrary(new Uint8Array(8), plan)).toThrow('no WebAssembly module')
  expect(() => packLibrary(wasm([]), plan)).toThrow('no data section')
  expect(() => packLibrary(runtime.subarray(0, runtime.length - 1), plan)).toThrow('cut short')
  // One segment of one byte at 1024, where AssemblyScript puts data unless told otherwise.
  expect(() => packLibrary(wasm([11, 8, 1, 0, 0x41, 0x80, 0x08, 0x0b, 1, 7]), plan)).toThrow('has data at 1024')
  const text = await readFile(new URL('../../../package.json', import.meta.url))
  expect(() => packLibrary(text, plan)).toThrow('no WebAssembly module')
})

test('an added data segment lies in memory where it was asked for', async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index)
  const module = addDataSegment(runtime, { address: 2_048, bytes, limit: imageWindow.end })
  const ignore = () => 0
  const env = { TVMFFIWasmSafeCall: ignore, TVMFFIWasmFunctionDeleter: ignore }
  const { instance } = await WebAssembly.instantiate(module, { env })
  const memory = instance.exports.memory as WebAssembly.Memory
  expect(new Uint8Array(memory.buffer, 2_048, 300)).toEqual(bytes)
  expect(new Uint8Array(memory.buffer, 0, 2_048).every((byte) => byte === 0)).toBe(true)
})
