import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Kernel } from '../../../shared/compiler/kernels/kernel.ts'
import { packLibrary } from '../../../shared/compiler/library/packLibrary.ts'
import {
  type BufferRef,
  type Count,
  constant,
  count,
  type Launch,
  type LibraryPlan,
  type Program,
  type StateKind,
  variables,
} from '../../../shared/compiler/library/plan.ts'
import { asObject, type HostObject } from '../../support/hostValues.ts'
import { type LoadedLibrary, loadLibrary } from '../../support/loadedLibrary.ts'
import { type Conversation, evaluate, launchesOf } from '../../support/planInterpreter.ts'
import { readRuntime } from '../../support/runtime.ts'

const runtime = await readRuntime()
const hidden = 4
const argumentsOfPlain = [3, 8, 5] as const

/** Small non-negative results, so that every count is a valid scalar and grid; only of the arguments there are. */
function anyCount(argumentCount: number): fc.Arbitrary<Count> {
  const usable = variables.filter(
    (name) => name !== 'window' && !(Number(name.slice('elements'.length)) >= argumentCount),
  )
  return fc.record({
    variable: fc.constantFrom(...usable),
    divide: fc.integer({ min: 1, max: 70 }),
    multiply: fc.integer({ min: 0, max: 9 }),
    add: fc.integer({ min: 0, max: 1000 }),
  })
}

const slotCount = 6
const paramCount = 3

function anyLaunch(index: number, argumentCount: number): fc.Arbitrary<Launch> {
  const reference: fc.Arbitrary<BufferRef> = fc.oneof(
    fc.record({ kind: fc.constant('param' as const), index: fc.nat(paramCount - 1) }),
    fc.record({ kind: fc.constant('slot' as const), index: fc.nat(slotCount - 1) }),
    fc.record({ kind: fc.constant('constant' as const), index: fc.nat(1) }),
    fc.record({ kind: fc.constant('argument' as const), index: fc.nat(argumentCount - 1) }),
  )
  return fc
    .record({
      // Reads may repeat a buffer, so every binding reads but at most one, which no other binding shares.
      buffers: fc.array(reference, { maxLength: 9 }),
      writes: fc.option(fc.nat(slotCount - 1), { nil: undefined }),
      scalars: fc.array(anyCount(argumentCount), { maxLength: 6 }),
      grid: fc.tuple(
        anyCount(argumentCount),
        fc.oneof(fc.constant(constant(1)), fc.constant(constant(0)), anyCount(argumentCount)),
      ),
      only: fc.option(
        fc.record({
          variable: fc.constantFrom('tokens' as const, 'length' as const),
          minimum: fc.nat(5),
          maximum: fc.nat(60),
        }),
        { nil: undefined },
      ),
    })
    .map(({ buffers, writes, scalars, grid, only }) => {
      const reads = buffers.filter((ref) => ref.kind !== 'slot' || ref.index !== writes)
      const bound = writes === undefined ? reads : [...reads, { kind: 'slot' as const, index: writes }]
      const kernel: Kernel = {
        name: `k${index}`,
        wgsl: `// ${index}`,
        bindings: bound.map((_, binding) => ({
          name: `b${binding}`,
          type: 'array<u32>',
          access: writes !== undefined && binding === reads.length ? 'read_write' : 'read',
        })),
        scalars: scalars.map((_, scalar) => `s${scalar}`),
      }
      return { kernel, buffers: bound, scalars, grid, ...(only === undefined ? {} : { only }) }
    })
}

function anyLaunches(first: number, argumentCount: number): fc.Arbitrary<readonly Launch[]> {
  return fc
    .integer({ min: 0, max: 8 })
    .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => anyLaunch(first + index, argumentCount))))
}

const chunks = fc.integer({ min: 1, max: 24 })
const anyState: fc.Arbitrary<StateKind> = fc.oneof(
  fc.constant({ kind: 'kv_cache' as const }),
  fc.constant({ kind: 'hybrid' as const }),
  fc.record({ kind: fc.constant('rnn_state' as const), chunkTokens: chunks }),
)

const anyPlan: fc.Arbitrary<LibraryPlan> = fc
  .record({
    state: anyState,
    decode: anyLaunches(0, 1),
    prefill: anyLaunches(10, 1),
    plain: anyLaunches(20, argumentsOfPlain.length),
    slotSizes: fc.array(
      fc.record({
        variable: fc.constantFrom('chunk' as const, 'capacity' as const, 'one' as const),
        multiply: fc.nat(3000),
      }),
      { minLength: slotCount - 1, maxLength: slotCount - 1 },
    ),
    constants: fc.tuple(...[0, 1].map(() => fc.uint8Array({ minLength: 4, maxLength: 64 }))),
  })
  .map(({ state, decode, prefill, plain, slotSizes, constants }) => {
    const forward = (name: string, launches: readonly Launch[]): Program => {
      const tensor = { slot: 0, dtype: 'float32' as const, shape: [constant(1), count('tokens'), constant(hidden)] }
      return { name, call: { kind: 'forward', inputSlot: 0 }, launches, result: { kind: 'array', tensor } }
    }
    return {
      metadata: { kv_state_kind: state.kind },
      params: ['p0', 'p1', 'p2'],
      maximumPositions: 10_000,
      state,
      slots: [
        { name: 'x', sizeBytes: count('chunk', { multiply: hidden * 4 }) },
        ...slotSizes.map(({ variable, multiply }, index) => ({
          name: `s${index}`,
          // Nobody names a capacity to a recurrent state.
          sizeBytes: count(state.kind === 'rnn_state' && variable === 'capacity' ? 'one' : variable, { multiply }),
        })),
      ],
      constants: constants.map((bytes, index) => ({
        name: `c${index}`,
        bytes: bytes.slice(0, Math.floor(bytes.length / 4) * 4),
      })),
      programs: [
        forward('decode', decode),
        forward('prefill', prefill),
        { name: 'plain', call: { kind: 'plain' }, launches: plain, result: { kind: 'none' } },
      ],
    }
  })

/** GPU buffer of every slot and constant, from the order in which creation allocates, and of the params. */
function bufferNumbers(library: LoadedLibrary, plan: LibraryPlan, allocatedBefore: number) {
  const { host } = library
  const param = plan.params.map((_, index) => {
    const item = asObject(host.global('ffi.ArrayGetItem', library.params, { int: index }))
    host.release(item)
    return host.tensor(item).data
  })
  const slot = plan.slots.map((_, index) => allocatedBefore + 1 + index)
  const constant = plan.constants.map((_, index) => allocatedBefore + 1 + plan.slots.length + index)
  return { param, slot, constant }
}

test('a random plan launches exactly what it says: kernels, order, buffers, scalars and grids, in every state', async () => {
  const anyRun = fc.record({
    plan: anyPlan,
    contextTokens: fc.integer({ min: 1, max: 120 }),
    chunkTokens: chunks,
    sliding: fc.boolean(),
    sink: fc.nat(8),
    passes: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
  })
  const property = fc.asyncProperty(anyRun, async ({ plan, sink, passes, ...created }) => {
    const recurrent = plan.state.kind === 'rnn_state'
    const sliding = created.sliding && !recurrent
    const chunkTokens = plan.state.kind === 'rnn_state' ? plan.state.chunkTokens : created.chunkTokens
    const contextTokens = recurrent ? plan.maximumPositions : created.contextTokens
    const params = new Map(plan.params.map((name, index) => [name, new Uint8Array(8 + index)]))
    const library = await loadLibrary(packLibrary(runtime, plan), params)
    const { host } = library
    const allocated = host.allocations.length
    const state = recurrent ? library.createRecurrentState(1) : library.createState(contextTokens, chunkTokens, sliding)
    const numbers = bufferNumbers(library, plan, allocated)
    const sinkTokens = Math.min(sink, contextTokens - 1)
    if (sliding) {
      const enable = 'vm.builtin.attention_kv_cache_enable_sliding_window_for_seq'
      host.global(enable, state, { int: 0 }, { int: contextTokens }, { int: sinkTokens })
    }
    const rows = contextTokens + (sliding ? chunkTokens : 0)
    const fixed = {
      capacity: recurrent ? 0 : Math.ceil(rows / 16) * 16,
      chunk: chunkTokens,
      window: sliding ? contextTokens : 2 ** 31 - 1,
      sink: sliding ? sinkTokens : 0,
    }
    const empty: Conversation = { ...fixed, tokens: 0, position: 0, elements: [] }
    // Sizes: exact from 1 MiB on, else a class at least as large. Constants carry their bytes.
    for (const [index, slot] of plan.slots.entries()) {
      expect(host.allocations[allocated + index]).toBeGreaterThanOrEqual(evaluate(slot.sizeBytes, empty))
    }
    for (const [index, { bytes }] of plan.constants.entries()) {
      expect(host.buffers.get(numbers.constant[index] ?? 0)?.slice(0, bytes.length)).toEqual(new Uint8Array(bytes))
    }
    const run = (name: string, conversation: Conversation, tensors: readonly HostObject[], ...rest: HostObject[]) => {
      const argument = tensors.map((tensor) => host.tensor(tensor).data)
      const number = (ref: BufferRef) => ({ ...numbers, argument })[ref.kind][ref.index]
      host.launches.length = 0
      const result = library.vm(name, ...tensors, ...rest)
      const expected = launchesOf(plan, name, conversation)
      expect(host.launches).toEqual(expected.map((launch) => ({ ...launch, buffers: launch.buffers.map(number) })))
      return result
    }
    let position = 0
    for (const wish of passes) {
      const tokens = 1 + (wish % chunkTokens)
      if (!sliding && position + tokens > contextTokens) break
      const x = host.makeTensor('webgpu', 'float32', [1, tokens, hidden])
      library.begin(state, tokens)
      const name = tokens === 1 ? 'decode' : 'prefill'
      const conversation = { ...fixed, tokens, position, elements: [tokens * hidden] }
      const result = asObject(run(name, conversation, [x], state, library.params))
      const logits = asObject(host.global('ffi.ArrayGetItem', result, { int: 0 }))
      expect(host.tensor(logits)).toMatchObject({ data: numbers.slot[0], shape: [1, tokens, hidden], dtype: 'float32' })
      host.global('vm.builtin.kv_state_end_forward', state)
      position += tokens
      const tensors = argumentsOfPlain.map((elements) => host.makeTensor('webgpu', 'float32', [elements]))
      run('plain', { ...fixed, tokens: 0, position, elements: argumentsOfPlain }, tensors, library.params)
      for (const object of [x, result, logits, ...tensors]) host.release(object)
    }
  })
  await fc.assert(property, { numRuns: 150, seed: 20_261_123 })
})

test('scalars and grids reach the kernel whole up to 2^32 - 1, and what is larger or negative raises', async () => {
  const kernel: Kernel = { name: 'k', wgsl: '', bindings: [], scalars: ['s'] }
  const planOf = (scalar: Count, x: Count, y = constant(1)): LibraryPlan => ({
    metadata: { kv_state_kind: 'kv_cache' },
    params: [],
    maximumPositions: 10,
    state: { kind: 'kv_cache' },
    slots: [],
    constants: [],
    programs: [
      {
        name: 'f',
        call: { kind: 'plain' },
        launches: [{ kernel, buffers: [], scalars: [scalar], grid: [x, y] }],
        result: { kind: 'none' },
      },
    ],
  })
  const run = async (plan: LibraryPlan) => {
    const library = await loadLibrary(packLibrary(runtime, plan), new Map())
    library.createState(16, 16)
    library.vm('f')
    return library.host.launches
  }
  const largest = 2 ** 32 - 1
  expect(await run(planOf(constant(largest), constant(3_000_000_000), constant(65_535)))).toEqual([
    { kernel: 'k', buffers: [], scalars: [largest], grid: [3_000_000_000, 65_535] },
  ])
  await expect(run(planOf(constant(largest + 1), constant(1)))).rejects.toThrow(
    'kernel k: scalar 0 is 4294967296, which is no u32',
  )
  await expect(run(planOf(constant(-1), constant(1)))).rejects.toThrow('scalar 0 is -1')
  await expect(run(planOf(constant(0), constant(1), constant(65_536)))).rejects.toThrow(
    'a grid of 1 by 65536 workgroups',
  )
  await expect(run(planOf(constant(0), constant(-5)))).rejects.toThrow('a grid of -5 by 1 workgroups')
})
