// A model library from outside: its exports called raw, blocks of its heap with the texts and bytes that go in, and the errors it raises.

export type LibraryExports = Readonly<Record<string, CallableFunction>> & { readonly memory: WebAssembly.Memory }

export interface LibraryMemory {
  /** Another one after each call that makes it grow. */
  readonly buffer: () => ArrayBuffer
  readonly view: () => DataView
  readonly bytesAt: (address: number, length: number) => Uint8Array
  /** Any export. */
  readonly invoke: (name: string, ...args: number[]) => number
  /** Throws the library's error unless the code is 0. */
  readonly check: (code: number) => void
  readonly allocate: (bytes: number) => number
  readonly free: (address: number) => void
  /** A block of the text, ended by 0. */
  readonly text: (text: string) => number
  /** {data, bytes} and the bytes behind it in one block. */
  readonly byteArray: (bytes: Uint8Array) => number
  /** `body` gets the name as a byte array and 8 bytes for a result. */
  readonly withName: <T>(name: string, body: (array: number, out: number) => T) => T
}

export function libraryMemory(exports: LibraryExports): LibraryMemory {
  const buffer = () => exports.memory.buffer
  const view = () => new DataView(buffer())
  const invoke = (name: string, ...args: number[]) => {
    const body = exports[name]
    if (!body) throw new Error(`the library does not export ${name}`)
    return Number(body(...args))
  }
  const check = (code: number) => {
    if (code === 0) return
    const start = invoke('TVMFFIWasmGetLastError')
    const bytes = new Uint8Array(buffer())
    throw new Error(String.fromCharCode(...bytes.slice(start, bytes.indexOf(0, start))))
  }
  const allocate = (bytes: number) => {
    const address = invoke('TVMWasmAllocSpace', bytes)
    if (address === 0 || address % 8 !== 0) throw new Error(`the library allocated ${bytes} bytes at ${address}`)
    return address
  }
  const free = (address: number) => {
    exports.TVMWasmFreeSpace?.(address)
  }
  const byteArray = (bytes: Uint8Array) => {
    const block = allocate(8 + bytes.length)
    new Uint8Array(buffer()).set(bytes, block + 8)
    view().setUint32(block, block + 8, true)
    view().setUint32(block + 4, bytes.length, true)
    return block
  }
  return {
    buffer,
    view,
    bytesAt: (address, length) => new Uint8Array(buffer().slice(address, address + length)),
    invoke,
    check,
    allocate,
    free,
    text: (text) => {
      const bytes = new TextEncoder().encode(`${text}\0`)
      const block = allocate(bytes.length)
      new Uint8Array(buffer()).set(bytes, block)
      return block
    },
    byteArray,
    withName: (name, body) => {
      const array = byteArray(new TextEncoder().encode(name))
      const out = allocate(8)
      view().setUint32(out, 0xdead_beef, true)
      try {
        return body(array, out)
      } finally {
        free(out)
        free(array)
      }
    },
  }
}
