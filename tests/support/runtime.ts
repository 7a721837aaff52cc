// The prebuilt runtime, read in Node and in the browser alike.
const url = new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url)

export async function readRuntime(): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol !== 'file:') return new Uint8Array(await (await fetch(url)).arrayBuffer())
  const name = 'node:fs/promises'
  const files = (await import(/* @vite-ignore */ name)) as typeof import('node:fs/promises')
  return new Uint8Array(await files.readFile(url))
}
