// The prebuilt runtime, read in Node and in the browser alike.
import { readRepositoryFile } from './repositoryFile.ts'

export function readRuntime(): Promise<Uint8Array<ArrayBuffer>> {
  return readRepositoryFile('resources/runtime/hearth-runtime.wasm')
}
