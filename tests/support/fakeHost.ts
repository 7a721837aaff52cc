// The host side of the model library ABI in Node: what tvmjs does around a library, with buffers of bytes for the GPU and a log for launches. Values are
// laid out, borrowed and released as in web-llm 0.2.86.

import { deviceApi } from './fakeGpu.ts'
import { asObject, type HostFunction, type HostObject, type HostValue, isInt, isObject } from './hostValues.ts'

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
const anyBytes = 16

type Exports = Readonly<Record<string, CallableFunction>> & { readonly memory: WebAssembly.Memory }

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
  #exports: Exports = {} as Exports

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
    host.#exports = instance.exports as Exports
    host.#invoke('_initialize')
    new Uint32Array(host.#buffer).set([24, 1024], 4)
    host.setGlobal('wasm.WebGPUDeviceAPI', (name) =>
      deviceApi(String(name), host, { bytes: () => host.#buffer, later: (read) => host.#reads.push(read) }),
    )
    return host
  }

  /** Apart from the functions this host keeps: number of live objects, heap blocks, GPU buffers made, pooled storages, and bytes of memory. */
  get usage() {
    const read = (name: string) => this.#invoke(name)
    return {
      objects: read('hearthLiveObjects') - this.#globals.size,
      blocks: read('hearthLiveBlocks') - this.#globals.size,
      gpuBuffers: read('hearthGpuBuffers'),
      pooled: read('hearthPooledStorages'),
      memoryBytes: this.#buffer.byteLength,
      hostFunctions: this.#functions.filter((entry) => entry !== undefined).length,
    }
  }

  get exportNames(): readonly string[] {
    return Object.keys(this.#exports)
  }

  typeIndex(key: string): number {
    return this.#withName(key, (array, out) => {
      this.#check(this.#invoke('TVMFFITypeKeyToIndex', array, out))
      return this.#view.getInt32(out, true)
    })
  }

  /** Any export, called raw. */
  raw(name: string, ...args: number[]): number {
    return this.#invoke(name, ...args)
  }

  /** The global function of that name, or undefined. */
  findGlobal(name: string): HostObject | undefined {
    const known = this.#globals.get(name)
    if (known) return known
    const block = this.#withName(name, (array, out) => {
      this.#check(this.#invoke('TVMFFIFunctionGetGlobal', array, out))
      return this.#view.getUint32(out, true)
    })
    if (block === 0) return undefined
    const found = { pointer: block, type: type.function }
    this.#globals.set(name, found)
    return found
  }

  setGlobal(name: string, body: HostFunction): void {
    const object = this.#makeFunction(body)
    this.#withName(name, (array) => this.#check(this.#invoke('TVMFFIFunctionSetGlobal', array, object.pointer, 1)))
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
    const frame = this.#allocate((args.length + 1) * anyBytes)
    for (const [index, value] of args.entries()) this.#write(frame + index * anyBytes, value, temporary)
    const result = frame + args.length * anyBytes
    this.#view.setInt32(result, 0, true)
    this.#view.setInt32(result + 4, 0, true)
    this.#view.setUint32(result + 8, 0xdead_beef, true)
    try {
      this.#check(this.#invoke('TVMFFIFunctionCall', callee.pointer, frame, args.length, result))
      return this.#read(result)
    } finally {
      for (const free of temporary) free()
      this.#free(frame)
    }
  }

  retain(object: HostObject): void {
    this.#check(this.#invoke('TVMFFIObjectIncRef', object.pointer))
  }

  release(object: HostValue): void {
    if (isObject(object)) this.#check(this.#invoke('TVMFFIObjectDecRef', object.pointer))
  }

  /** What JavaScript sees of a tensor. */
  tensor(object: HostValue): HostTensor {
    if (!isObject(object) || object.type !== type.tensor) throw new Error('expected a tensor')
    const base = object.pointer
    const view = this.#view
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

  /** Bytes in memory. */
  bytesAt(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer.slice(address, address + length))
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
        if (this.#view.getInt32(any, true) >= 8) this.#check(this.#invoke('TVMFFIAnyViewToOwnedAny', any, any))
        const value = this.#read(any)
        owned.push(value)
        return value
      })
      const value = body(...values)
      if (value !== undefined) {
        const temporary: (() => void)[] = []
        const frame = this.#allocate(anyBytes)
        this.#write(frame, value, temporary)
        this.#check(this.#invoke('TVMFFIAnyViewToOwnedAny', frame, result))
        for (const free of temporary) free()
        this.#free(frame)
      }
      return 0
    } catch (error) {
      const texts = ['JSCallbackError', error instanceof Error ? error.message : String(error)].map((text) =>
        this.#text(text),
      )
      this.#invoke('TVMFFIErrorSetRaisedFromCStr', ...texts)
      for (const text of texts) this.#free(text)
      return -1
    } finally {
      for (const value of owned) this.release(value)
    }
  }

  #makeFunction(body: HostFunction): HostObject {
    const index = this.#functions.push(body) - 1
    const out = this.#allocate(4)
    this.#check(this.#invoke('TVMFFIWasmFunctionCreate', index, out))
    const pointer = this.#view.getUint32(out, true)
    this.#free(out)
    return { pointer, type: type.function }
  }

  #write(any: number, value: HostValue, temporary: (() => void)[]): void {
    const set = (index: number, low: number, high = 0) => {
      const view = this.#view
      view.setInt32(any, index, true)
      view.setInt32(any + 4, 0, true)
      view.setInt32(any + 8, low, true)
      view.setInt32(any + 12, high, true)
    }
    const hold = (address: number) => {
      temporary.push(() => this.#free(address))
      return address
    }
    if (value === undefined) set(0, 0)
    else if (typeof value === 'boolean') set(2, value ? 1 : 0)
    else if (typeof value === 'number') {
      set(3, 0)
      this.#view.setFloat64(any + 8, value, true)
    } else if (typeof value === 'string') set(8, hold(this.#text(value)))
    else if (value instanceof Uint8Array) set(9, hold(this.#byteArray(value)))
    else if (typeof value === 'function') {
      const object = this.#makeFunction(value)
      temporary.push(() => this.release(object))
      set(object.type, object.pointer)
    } else if (isInt(value)) set(1, value.int | 0, value.int < 0 ? -1 : 0)
    else if ('device' in value) set(6, value.device === 'cpu' ? 1 : 15)
    else set(value.type, value.pointer)
  }

  #read(any: number): HostValue {
    const view = this.#view
    const index = view.getInt32(any, true)
    switch (index) {
      case 0:
        return undefined
      case 1:
        return view.getInt32(any + 8, true)
      case 2:
        return view.getInt32(any + 8, true) !== 0
      case 3:
        return view.getFloat64(any + 8, true)
      case 4:
        return view.getUint32(any + 8, true)
      case 65:
      case 66: {
        const pointer = view.getUint32(any + 8, true)
        const bytes = this.bytesAt(view.getUint32(pointer + 24, true), view.getUint32(pointer + 28, true))
        this.#check(this.#invoke('TVMFFIObjectDecRef', pointer))
        return index === 66 ? bytes : String.fromCharCode(...bytes)
      }
      default: {
        const pointer = view.getUint32(any + 8, true)
        if (index < 64 || view.getInt32(pointer + 8, true) !== index)
          throw new Error(`unexpected value of type ${index}`)
        return { pointer, type: index }
      }
    }
  }

  #withName<T>(name: string, body: (array: number, out: number) => T): T {
    const array = this.#byteArray(new TextEncoder().encode(name))
    const out = this.#allocate(8)
    this.#view.setUint32(out, 0xdead_beef, true)
    try {
      return body(array, out)
    } finally {
      this.#free(out)
      this.#free(array)
    }
  }

  /** {data, bytes} and the bytes behind it in one block. */
  #byteArray(bytes: Uint8Array): number {
    const block = this.#allocate(8 + bytes.length)
    new Uint8Array(this.#buffer).set(bytes, block + 8)
    this.#view.setUint32(block, block + 8, true)
    this.#view.setUint32(block + 4, bytes.length, true)
    return block
  }

  #text(text: string): number {
    const bytes = new TextEncoder().encode(`${text}\0`)
    const block = this.#allocate(bytes.length)
    new Uint8Array(this.#buffer).set(bytes, block)
    return block
  }

  #allocate(bytes: number): number {
    const address = this.#invoke('TVMWasmAllocSpace', bytes)
    if (address === 0 || address % 8 !== 0) throw new Error(`the library allocated ${bytes} bytes at ${address}`)
    return address
  }

  #free(address: number): void {
    this.#exports.TVMWasmFreeSpace?.(address)
  }

  #check(code: number): void {
    if (code === 0) return
    const start = this.#invoke('TVMFFIWasmGetLastError')
    const bytes = new Uint8Array(this.#buffer)
    throw new Error(String.fromCharCode(...bytes.slice(start, bytes.indexOf(0, start))))
  }

  #invoke(name: string, ...args: number[]): number {
    const body = this.#exports[name]
    if (!body) throw new Error(`the library does not export ${name}`)
    return Number(body(...args))
  }

  get #buffer(): ArrayBuffer {
    return this.#exports.memory.buffer
  }

  get #view(): DataView {
    return new DataView(this.#buffer)
  }
}
