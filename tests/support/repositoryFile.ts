// A file of this repository by its path from the root, read in Node and in the browser alike.

/** Not part of the call below: Vite would look for the file among those it bundles. */
const here = import.meta.url

export async function readRepositoryFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`../../${path}`, here)
  if (url.protocol !== 'file:') {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
  const name = 'node:fs/promises'
  const files = (await import(/* @vite-ignore */ name)) as typeof import('node:fs/promises')
  return new Uint8Array(await files.readFile(url))
}
