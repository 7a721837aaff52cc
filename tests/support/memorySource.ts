// A checkpoint folder in memory, for tests of the compiler.
import { createHash } from 'node:crypto'
import type { ModelSink, ModelSource } from '../../shared/compiler/checkpoint/bytes.ts'
import { CompileError } from '../../shared/errors.ts'

export type MemoryFiles = Readonly<Record<string, Uint8Array | string>>

/** Files by name; texts are UTF-8. */
export function memorySource(files: MemoryFiles): ModelSource {
  const contents = new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  )
  const contentOf = (name: string) => {
    const content = contents.get(name)
    if (content === undefined) throw new CompileError(name, '', 'not found')
    return content
  }
  return {
    names: async () => [...contents.keys()],
    open: async (name) => {
      const content = contentOf(name)
      return {
        sizeBytes: content.byteLength,
        read: async (offset, length, signal) => {
          signal.throwIfAborted()
          if (offset < 0 || length < 0 || offset + length > content.byteLength)
            throw new CompileError(name, `byte ${offset}`, 'the file ends early')
          return content.slice(offset, offset + length)
        },
      }
    },
    sha256: async (name, _signal, onBytes) => {
      onBytes?.(contentOf(name).byteLength)
      return createHash('sha256').update(contentOf(name)).digest('hex')
    },
  }
}

export interface MemorySink extends ModelSink {
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Keeps what is written. */
export function memorySink(): MemorySink {
  const files = new Map<string, Uint8Array>()
  return {
    files,
    write: async (name, chunk) => {
      files.set(name, new Uint8Array(Buffer.concat([files.get(name) ?? new Uint8Array(), chunk])))
    },
  }
}

/** A safetensors file from a header (any JSON, or its text) and the bytes behind it. */
export function safetensorsFile(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + text.byteLength + data.byteLength)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.byteLength), true)
  file.set(text, 8)
  file.set(data, 8 + text.byteLength)
  return file
}

/** A valid file of float32 tensors. */
export function float32File(
  tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] }
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    offset += values.byteLength
  }
  return safetensorsFile(header, Buffer.concat(parts))
}
