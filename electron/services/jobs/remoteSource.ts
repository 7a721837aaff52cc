// A repository as the compiler's readers see a folder, read by range: for looking at headers and tokenizers before anything large is fetched. Small files
// are verified; ranges of large ones are not, so nothing is made from them that is not compared later.
import type { ByteSource, ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import { CompileError } from '../../../shared/errors.ts'
import type { HubFile } from '../hub/files.ts'
import type { Hub } from '../hub/hub.ts'
import { HubError } from '../hub/problem.ts'

const wholeBytes = 128 * 2 ** 20
const keptBytes = 64 * 2 ** 20

export interface RemoteRepository {
  readonly id: string
  readonly commit: string
  readonly files: readonly HubFile[]
}

export function remoteSource(hub: Hub, { id, commit, files }: RemoteRepository): ModelSource {
  const kept = new Map<string, Promise<Uint8Array>>()
  const fileOf = (name: string): HubFile => {
    const file = files.find((one) => one.name === name)
    if (file === undefined) throw new CompileError(name, '', 'not found')
    return file
  }
  const whole = (file: HubFile, signal: AbortSignal) => {
    const known = kept.get(file.name)
    if (known !== undefined) return known
    const reading = hub.readFile({ id, commit, file }, wholeBytes, signal)
    if (file.sizeBytes <= keptBytes) kept.set(file.name, reading)
    reading.catch(() => kept.delete(file.name))
    return reading
  }
  return {
    names: async () => files.map(({ name }) => name).filter((name) => !name.includes('/')),
    open: async (name): Promise<ByteSource> => {
      const file = fileOf(name)
      return {
        sizeBytes: file.sizeBytes,
        read: async (offset, length, signal) => {
          if (length === 0) return new Uint8Array()
          if (offset === 0 && length === file.sizeBytes) return (await whole(file, signal)).slice()
          return await readRange(hub, { id, commit, file }, offset, length, signal)
        },
      }
    },
    sha256: async () => {
      throw new Error('a remote file is hashed once it is here')
    },
  }
}

async function readRange(
  hub: Hub,
  request: { readonly id: string; readonly commit: string; readonly file: HubFile },
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { offset: first, body } = await hub.openFile({ ...request, offset }, signal)
  const bytes = new Uint8Array(length)
  let position = first
  for await (const chunk of body) {
    const from = Math.max(0, offset - position)
    const part = chunk.subarray(from, Math.max(from, offset + length - position))
    bytes.set(part, Math.max(0, position - offset))
    position += chunk.byteLength
    if (position >= offset + length) return bytes
  }
  const detail = `its answer ends at byte ${position} of ${request.file.sizeBytes}`
  throw new HubError({ code: 'changed', name: `${request.id}/${request.file.name}`, detail })
}
