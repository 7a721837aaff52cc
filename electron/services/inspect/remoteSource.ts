// A repository as the compiler's readers see a folder. Small files are read whole and verified; of large ones only the parts that are asked for, a little
// more at a time than that, so that a header takes one request or two. Requests and bytes are counted: no repository makes the app ask without end.
import type { ByteSource, ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import { CompileError } from '../../../shared/errors.ts'
import type { HubFile } from '../hub/files.ts'
import type { Hub } from '../hub/hub.ts'
import { HubError } from '../hub/problem.ts'
import { readRange } from '../hub/readRange.ts'

export interface RemoteRepository {
  readonly id: string
  readonly commit: string
  readonly files: readonly HubFile[]
}

export interface RemoteLimits {
  /** Of all reads together. */
  readonly requests: number
  readonly bytes: number
}

/** Files up to this size are read whole at the first read, whatever is asked of them. */
const wholeBytes = 2 ** 20
const largestWholeBytes = 64 * 2 ** 20
/** Read at once where less is asked for. The headers of a shard of a 7B model take about 20 KB. */
const pieceBytes = 256 * 2 ** 10

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** By default enough for a hundred shards with long headers. Rejects with HubError where a limit is reached. */
export function remoteSource(
  hub: Hub,
  { id, commit, files }: RemoteRepository,
  limits: RemoteLimits = { requests: 64 + 4 * Math.min(files.length, 500), bytes: 256 * 2 ** 20 },
): ModelSource {
  const inRoot = new Map(files.filter(({ name }) => !name.includes('/')).map((file) => [file.name, file]))
  const wholes = new Map<string, Promise<Uint8Array>>()
  const pieces = new Map<string, Promise<readonly Piece[]>>()
  let requests = 0
  let bytes = 0
  const spend = (sizeBytes: number) => {
    requests += 1
    bytes += sizeBytes
    if (requests <= limits.requests && bytes <= limits.bytes) return
    const detail = `looking at it takes more than ${limits.requests} requests or ${limits.bytes} bytes`
    throw new HubError({ code: 'changed', name: id, detail })
  }
  const whole = (file: HubFile, signal: AbortSignal): Promise<Uint8Array> => {
    const known = wholes.get(file.name)
    if (known !== undefined) return known
    spend(file.sizeBytes)
    const reading = hub.readFile({ id, commit, file }, largestWholeBytes, signal)
    wholes.set(file.name, reading)
    reading.catch(() => wholes.delete(file.name))
    return reading
  }
  const part = async (file: HubFile, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> => {
    const known = (await pieces.get(file.name)?.catch(() => [])) ?? []
    const within = known.find((one) => one.offset <= offset && offset + length <= one.offset + one.bytes.byteLength)
    if (within !== undefined) return within.bytes.slice(offset - within.offset, offset - within.offset + length)
    const { start, end } = widened(file.sizeBytes, offset, length)
    spend(end - start)
    const read = await readRange(hub, { id, commit, file, offset: start }, end - start, signal)
    pieces.set(file.name, Promise.resolve([...known, { offset: start, bytes: read }]))
    return read.slice(offset - start, offset - start + length)
  }
  return {
    names: async () => [...inRoot.keys()].sort(),
    open: async (name): Promise<ByteSource> => {
      const file = inRoot.get(name)
      if (file === undefined) throw new CompileError(name, '', 'not found')
      const { sizeBytes } = file
      return {
        sizeBytes,
        read: async (offset, length, signal) => {
          signal.throwIfAborted()
          if (offset < 0 || length < 0 || offset + length > sizeBytes)
            throw new CompileError(name, `byte ${offset}`, 'the file ends early')
          if (length === 0) return new Uint8Array()
          const isWhole = sizeBytes <= wholeBytes || (length === sizeBytes && sizeBytes <= largestWholeBytes)
          if (isWhole) return (await whole(file, signal)).slice(offset, offset + length)
          return await part(file, offset, length, signal)
        },
      }
    },
    sha256: async (name) => {
      const hash = inRoot.get(name)?.hash
      if (hash?.kind === 'sha256') return hash.hex
      throw new Error(`${name}: a remote file is hashed once it is here`)
    },
  }
}

/** What is read instead: a piece, that ends with the file where the end was asked for (directories of archives stand there). */
function widened(sizeBytes: number, offset: number, length: number): { readonly start: number; readonly end: number } {
  const isTail = offset + length === sizeBytes
  const start = isTail ? Math.max(0, Math.min(offset, sizeBytes - pieceBytes)) : offset
  return { start, end: Math.min(sizeBytes, Math.max(offset + length, start + pieceBytes)) }
}
