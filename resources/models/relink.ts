// Makes the libraries of the bundled models anew from today's graph, kernels and runtime; weights stay as they are: `npm run relink:models`.
// The shape comes from the family's config.json, which all variants share. With --check nothing is written: exit code 1 when a library is not today's.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import { libraryTargets } from '../../shared/compiler/kernels/target.ts'
import { jsonText } from '../../shared/compiler/ledger.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { type ModelManifest, manifestFileName, modelManifest } from '../../shared/model.ts'

const family = new URL('./tinystories-15m/', import.meta.url)

/** Names of the bundled libraries, relative to the family, that are not what this compiler makes; written anew unless `check`. */
export async function relink(check: boolean): Promise<readonly string[]> {
  const runtime = new Uint8Array(await readFile(new URL('../runtime/hearth-runtime.wasm', import.meta.url)))
  const config: unknown = JSON.parse(await readFile(new URL('config.json', family), 'utf8'))
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  const changed: string[] = []
  for (const variant of await variants()) {
    const folder = new URL(`${variant}/`, family)
    const manifestFile = new URL(manifestFileName, folder)
    let manifest: ModelManifest = modelManifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')))
    for (const target of libraryTargets) {
      const { bytes, memory } = makeLibrary(runtime, {
        spec,
        rules,
        format: manifest.weightFormat,
        target,
        chunkTokens: manifest.prefillChunkTokens,
        contextTokens: manifest.contextTokens,
      })
      const name = manifest.libraries[target]
      if (!Buffer.from(bytes).equals(await readFile(new URL(name, folder)))) changed.push(`${variant}/${name}`)
      if (target === 'portable') manifest = { ...manifest, memory }
      const stored = { name, sizeBytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
      manifest = { ...manifest, files: manifest.files.map((file) => (file.name === name ? stored : file)) }
      if (!check) await writeFile(new URL(name, folder), bytes)
    }
    if (!check) await writeFile(manifestFile, jsonText(manifest))
  }
  return changed
}

async function variants(): Promise<readonly string[]> {
  const entries = await readdir(family, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check')
  const changed = await relink(check)
  for (const name of changed) console.log(`${name}: ${check ? 'not what this compiler makes' : 'made anew'}`)
  process.exitCode = check && changed.length > 0 ? 1 : 0
}
