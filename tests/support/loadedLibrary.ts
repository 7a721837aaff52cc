// A library in the fake host, after what web-llm does once the weights are uploaded: the module, its parameters, every kernel compiled.
import { FakeHost } from './fakeHost.ts'
import { asObject, type HostObject, type HostValue } from './hostValues.ts'

export interface LoadedLibrary {
  readonly host: FakeHost
  readonly module: HostObject
  readonly params: HostObject
  readonly metadata: unknown
  /** Calls a VM function. */
  readonly vm: (name: string, ...args: HostValue[]) => HostValue
  readonly createState: (contextTokens: number, chunkTokens: number, sliding?: boolean) => HostObject
  readonly createRecurrentState: (history: number) => HostObject
  readonly begin: (state: HostObject, tokens: number) => void
}

/** `params` are the bytes of each parameter. */
export async function loadLibrary(
  library: Uint8Array<ArrayBuffer>,
  params: ReadonlyMap<string, Uint8Array>,
): Promise<LoadedLibrary> {
  const host = await FakeHost.start(library)
  for (const [name, bytes] of params) {
    const tensor = host.makeTensor('webgpu', 'uint8', [bytes.length], bytes)
    host.global('vm.builtin.tensor_cache.update', name, tensor, { int: 0 })
    host.release(tensor)
  }
  const library0 = asObject(host.global('ffi.SystemLib'))
  const lookup = (module: HostObject, name: string) => host.global('ffi.ModuleGetFunction', module, name, true)
  const callOnce = (module: HostObject, name: string, ...args: HostValue[]) => {
    const found = lookup(module, name)
    if (found === undefined) throw new Error(`the library has no function ${name}`)
    try {
      return host.call(asObject(found), ...args)
    } finally {
      host.release(found)
    }
  }
  const module = asObject(callOnce(library0, 'vm_load_executable'))
  host.release(library0)
  callOnce(module, 'vm_initialization', ...[15, 0, 2, 1, 0, 2].map((int) => ({ int })))
  const metadata: unknown = JSON.parse(String(callOnce(module, '_metadata')))
  const names = host.global('ffi.Array', ...params.keys())
  const paramModule = asObject(host.global('vm.builtin.param_module_from_cache_by_name', names))
  const array = asObject(callOnce(paramModule, 'get_params'))
  host.release(names)
  host.release(paramModule)
  const kernels = JSON.parse(String(callOnce(module, 'webgpu.get_fmap'))) as Readonly<
    Record<string, { readonly arg_types: readonly string[] }>
  >
  for (const [name, { arg_types: types }] of Object.entries(kernels)) {
    const handles = types.filter((kind) => kind === 'handle').length
    callOnce(module, 'webgpu.update_prebuild', name, host.launcher(name, handles, types.length - handles))
  }
  return {
    host,
    module,
    params: array,
    metadata,
    vm: (name, ...args) => callOnce(module, name, ...args),
    createState: (contextTokens, chunkTokens, sliding = false) => {
      const shapes = [1, contextTokens, chunkTokens, 16, sliding ? 1 : 0].map((size) => host.shape(size))
      try {
        return asObject(callOnce(module, 'create_tir_paged_kv_cache', ...shapes))
      } finally {
        for (const shape of shapes) host.release(shape)
      }
    },
    createRecurrentState: (history) => {
      const shapes = [1, history].map((size) => host.shape(size))
      try {
        return asObject(callOnce(module, 'create_rnn_state', ...shapes))
      } finally {
        for (const shape of shapes) host.release(shape)
      }
    },
    begin: (state, tokens) => {
      const shapes = [host.shape(0), host.shape(tokens)]
      try {
        host.global('vm.builtin.kv_state_begin_forward', state, ...shapes)
      } finally {
        for (const shape of shapes) host.release(shape)
      }
    },
  }
}
