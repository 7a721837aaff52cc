// The host side of the model library ABI in Node: what tvmjs does around a library, with buffers of bytes for the GPU and a log for launches. Values are
// laid out, borrowed and released as in web-llm 0.2.86.
import { deviceApi } from './fakeGpu.ts'
import { anyBytes, readAny, writeAny } from './hostAny.ts'
import { asObject, type HostFunction, type HostObject, type HostValue, isInt, isObject } from './hostValues.ts'
import { type LibraryExports, libraryMemory } from './libraryMemory.ts'

export interface LaunchRecord {
  readonly kernel: string
  readonly buffers: readonly number[]
  readonly scalars: readonly number[]
  readonly grid: readonly number[]
}

export interface HostTensor {
  readonly data: number
  readonly device: number
  readonly shape: readonly number[]
  readonly dtype: string
  readonly byteOffset: number
}

const type = { function: 68, shape: 69, tensor: 70, array: 71, module: 73 } as const
export const objectTypes = type

export class FakeHost {
  readonly launches: LaunchRecord[] = []
  /** Contents of the live GPU buffers by number. */
  readonly buffers = new Map<number, Uint8Array>()
  /** Sizes asked for, in order; the buffer number is the index plus 1. */
  readonly allocations: number[] = []
  freed = 0
  /** Called at each kernel launch: for re-entrancy and failures. */
  onLaunch: (launch: LaunchRecord) => void = () => {}
  /** GPU memory in bytes; an allocation beyond it raises. */
  memoryBytes = Number.POSITIVE_INFINITY
  readonly #functions: (HostFunction | undefined)[] = [undefined]
  readonly #reads: (() => void)[] = []
  readonly #globals = new Map<string, HostObject>()
  #exports = {} as LibraryExports
  #memory = libraryMemory(this.#exports)

  private constructor() {}

  /** Instantiates a library and goes through web-llm's start-up: device API, then every kernel compiled. */
  static async start(library: Uint8Array<ArrayBuffer>): Promise<FakeHost> {
    const host = new FakeHost()
    const env = {
      TVMFFIWasmSafeCall: (index: number, args: number, count: number, result: number) =>
        host.#called(index, args, count, result),
      TVMFFIWasmFunctionDeleter: (index: number) => {
        host.#functions[index] = undefined
      },
    }
    const { instance } = await WebAssembly.instantiate(library, { env })
    host.#exports = instance.exports as LibraryExports
    host.#memory = libraryMemory(host.#exports)
    host.#memory.invoke('_initialize')
    new Uint32Array(host.#memory.buffer()).set([24, 1024], 4)
    host.setGlobal('wasm.WebGPUDeviceAPI', (name) =>
      deviceApi(String(name), host, { bytes: host.#memory.buffer, later: (read) => host.#reads.push(read) }),
    )
    return host
  }

  /** Apart from the functions this host keeps: number of live objects, heap blocks, GPU buffers made, pooled storages, and bytes of memory. */
  get usage() {
    const read = (name: string) => this.#memory.invoke(name)
    return {
      objects: read('hearthLiveObjects') - this.#globals.size,
      blocks: read('hearthLiveBlocks') - this.#globals.size,
      gpuBuffers: read('hearthGpuBuffers'),
      pooled: read('hearthPooledStorages'),
      memoryBytes: this.#memory.buffer().byteLength,
      hostFunctions: this.#functions.filter((entry) => entry !== undefined).length,
    }
  }

  get exportNames(): readonly string[] {
    return Object.keys(this.#exports)
  }

  typeIndex(key: string): number {
    return this.#memory.withName(key, (array, out) => {
      this.#memory.check(this.#memory.invoke('TVMFFITypeKeyToIndex', array, out))
      return this.#memory.view().getInt32(out, true)
    })
  }

  /** Any export, called raw. */
  raw(name: string, ...args: number[]): number {
    return this.#memory.invoke(name, ...args)
  }

  /** The global function of that name, or undefined. */
  findGlobal(name: string): HostObject | undefined {
    const known = this.#globals.get(name)
    if (known) return known
    const block = this.#memory.withName(name, (array, out) => {
      this.#memory.check(this.#memory.invoke('TVMFFIFunctionGetGlobal', array, out))
      return this.#memory.view().getUint32(out, true)
    })
    if (block === 0) return undefined
    const found = { pointer: block, type: type.function }
    this.#globals.set(name, found)
    return found
  }

  setGlobal(name: string, body: HostFunction): void {
    const object = this.#makeFunction(body)
    this.#memory.withName(name, (array) =>
      this.#memory.check(this.#memory.invoke('TVMFFIFunctionSetGlobal', array, object.pointer, 1)),
    )
    this.release(object)
  }

  /** Calls a global function by name. Throws the library's error. */
  global(name: string, ...args: HostValue[]): HostValue {
    const found = this.findGlobal(name)
    if (!found) throw new Error(`Cannot find global function ${name}`)
    return this.call(found, ...args)
  }

  /** Calls a function object. Throws the library's error. */
  call(callee: HostObject, ...args: HostValue[]): HostValue {
    const temporary: (() => void)[] = []
    const frame = this.#memory.allocate((args.length + 1) * anyBytes)
    for (const [index, value] of args.entries()) this.#write(frame + index * anyBytes, value, temporary)
    const result = frame + args.length * anyBytes
    this.#memory.view().setInt32(result, 0, true)
    this.#memory.view().setInt32(result + 4, 0, true)
    this.#memory.view().setUint32(result + 8, 0xdead_beef, true)
    try {
      this.#memory.check(this.#memory.invoke('TVMFFIFunctionCall', callee.pointer, frame, args.length, result))
      return readAny(this.#memory, result)
    } finally {
      for (const free of temporary) free()
      this.#memory.free(frame)
    }
  }

  retain(object: HostObject): void {
    this.#memory.check(this.#memory.invoke('TVMFFIObjectIncRef', object.pointer))
  }

  release(object: HostValue): void {
    if (isObject(object)) this.#memory.check(this.#memory.invoke('TVMFFIObjectDecRef', object.pointer))
  }

  /** What JavaScript sees of a tensor. */
  tensor(object: HostValue): HostTensor {
    if (!isObject(object) || object.type !== type.tensor) throw new Error('expected a tensor')
    const base = object.pointer
    const view = this.#memory.view()
    const codes = ['int', 'uint', 'float']
    const shape = view.getUint32(base + 44, true)
    return {
      data: view.getUint32(base + 24, true),
      device: view.getInt32(base + 28, true),
      shape: Array.from({ length: view.getInt32(base + 36, true) }, (_, index) =>
        view.getInt32(shape + index * 8, true),
      ),
      dtype: `${codes[view.getUint8(base + 40)]}${view.getUint8(base + 41)}`,
      byteOffset: Number(view.getBigUint64(base + 56, true)),
    }
  }

  shape(...sizes: number[]): HostObject {
    return asObject(this.global('ffi.Shape', ...sizes.map((int) => ({ int }))))
  }

  /** A new tensor. On the GPU its bytes are written as JavaScript writes them, without the library. */
  makeTensor(device: 'cpu' | 'webgpu', dtype: string, sizes: readonly number[], bytes?: Uint8Array): HostObject {
    const shape = this.shape(...sizes)
    const object = this.#releasing([shape], () => {
      return asObject(this.global('runtime.TVMTensorAllocWithScope', shape, dtype, { device }, undefined))
    })
    if (bytes !== undefined && device === 'webgpu') this.buffers.get(this.tensor(object).data)?.set(bytes)
    if (bytes !== undefined && device === 'cpu') this.global('tvmjs.runtime.TensorCopyFromBytes', object, bytes)
    return object
  }

  view(tensor: HostObject, sizes: readonly number[], offset = 0, dtype = this.tensor(tensor).dtype): HostObject {
    const shape = this.shape(...sizes)
    return this.#releasing([shape], () => {
      return asObject(this.global('runtime.TVMTensorCreateView', tensor, shape, dtype, { int: offset }))
    })
  }

  #releasing<T>(objects: readonly HostObject[], body: () => T): T {
    try {
      return body()
    } finally {
      for (const object of objects) this.release(object)
    }
  }

  /** Waits for the device: pending reads land in memory. */
  sync(): void {
    for (const read of this.#reads.splice(0)) read()
  }

  /** The launcher tvmjs makes for a compiled kernel. */
  launcher(kernel: string, handles: number, scalars: number): HostFunction {
    return (...args) => {
      const values = args.map((value) => Number(isInt(value) ? value.int : value))
      if (values.length !== handles + scalars + 2) throw new Error(`${kernel}: ${values.length} arguments`)
      const buffers = values.slice(0, handles)
      for (const id of buffers) if (!this.buffers.has(id)) throw new Error(`${kernel}: no GPU buffer ${id}`)
      const launch = {
        kernel,
        buffers,
        scalars: values.slice(handles, handles + scalars).map((value) => value >>> 0),
        grid: values.slice(handles + scalars),
      }
      this.launches.push(launch)
      this.onLaunch(launch)
      return undefined
    }
  }

  /** A callback from the library, as tvmjs wraps it: arguments become owned in place, the result is stored owned. */
  #called(index: number, args: number, count: number, result: number): number {
    const body = this.#functions[index]
    if (!body) throw new Error(`JavaScript function ${index} is gone`)
    const owned: HostValue[] = []
    try {
      const values = Array.from({ length: count }, (_, position) => {
        const any = args + position * anyBytes
        if (this.#memory.view().getInt32(any, true) >= 8)
          this.#memory.check(this.#memory.invoke('TVMFFIAnyViewToOwnedAny', any, any))
        const value = readAny(this.#memory, any)
        owned.push(value)
        return value
      })
      const value = body(...values)
      if (value !== undefined) {
        const temporary: (() => void)[] = []
        const frame = this.#memory.allocate(anyBytes)
        this.#write(frame, value, temporary)
        this.#memory.check(this.#memory.invoke('TVMFFIAnyViewToOwnedAny', frame, result))
        for (const free of temporary) free()
        this.#memory.free(frame)
      }
      return 0
    } catch (error) {
      const texts = ['JSCallbackError', error instanceof Error ? error.message : String(error)].map((text) =>
        this.#memory.text(text),
      )
      this.#memory.invoke('TVMFFIErrorSetRaisedFromCStr', ...texts)
      for (const text of texts) this.#memory.free(text)
      return -1
    } finally {
      for (const value of owned) this.release(value)
    }
  }

  #makeFunction(body: HostFunction): HostObject {
    const index = this.#functions.push(body) - 1
    const out = this.#memory.allocate(4)
    this.#memory.check(this.#memory.invoke('TVMFFIWasmFunctionCreate', index, out))
    const pointer = this.#memory.view().getUint32(out, true)
    this.#memory.free(out)
    return { pointer, type: type.function }
  }

  #write(any: number, value: HostValue, temporary: (() => void)[]): void {
    const makeFunction = (body: HostFunction) => this.#makeFunction(body)
    writeAny(this.#memory, any, value, { makeFunction, release: (object) => this.release(object), temporary })
  }
}
