// The toy library, and the steps of a conversation with it.
import { packLibrary } from '../../shared/compiler/library/packLibrary.ts'
import type { LibraryPlan } from '../../shared/compiler/library/plan.ts'
import { FakeHost } from './fakeHost.ts'
import type { HostObject } from './hostValues.ts'
import { type LoadedLibrary, loadLibrary } from './loadedLibrary.ts'
import { readRuntime } from './runtime.ts'
import { hidden } from './toyKernels.ts'
import { toyModel } from './toyModel.ts'

export const chunk = 16
export const toy = toyModel({ seed: 1 })
const table = new Map([['table', new Uint8Array(toy.table.buffer)]])
const runtime = await readRuntime()
const library = packLibrary(runtime, toy.plan)

/** The library alone: no weights, no kernels compiled. */
export function startToy(): Promise<FakeHost> {
  return FakeHost.start(library)
}

export function loadToy(
  plan: LibraryPlan = toy.plan,
  params: ReadonlyMap<string, Uint8Array> = table,
): Promise<LoadedLibrary> {
  return loadLibrary(packLibrary(runtime, plan), params)
}

/** `library`: the one of the test that runs. */
export function stepsOf(library: () => LoadedLibrary) {
  const makeX = (tokens: number) => library().host.makeTensor('webgpu', 'float32', [1, tokens, hidden])
  const end = (state: HostObject) => void library().host.global('vm.builtin.kv_state_end_forward', state)
  const clear = (state: HostObject) => void library().host.global('vm.builtin.kv_state_clear', state)
  const pass = (state: HostObject, tokens: number) => {
    const { host, begin, vm, params } = library()
    begin(state, tokens)
    const x = makeX(tokens)
    host.release(vm(tokens === 1 ? 'decode' : 'prefill', x, state, params))
    host.release(x)
    end(state)
  }
  /** The scalars of the last launch of a kernel. */
  const lastScalars = (kernel: string) =>
    library()
      .host.launches.filter((launch) => launch.kernel === kernel)
      .at(-1)?.scalars
  return { makeX, end, clear, pass, lastScalars }
}
