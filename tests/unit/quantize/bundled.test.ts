// The committed models are whole, and their libraries are what the compiler makes today.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { modelManifest, variant } from '../../../shared/model.ts'

const resources = fileURLToPath(new URL('../../../resources', import.meta.url))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe.for(variant.options)('TinyStories 15M %s', (name) => {
  const read = (file: string) => readFile(`${resources}/models/tinystories-15m/${name}/${file}`)
  const manifestOf = async () => modelManifest.parse(JSON.parse((await read('hearth.json')).toString()))

  test('says what it is', async () => {
    const manifest = await manifestOf()
    expect(manifest).toMatchObject({
      id: `hearth/tinystories-15m-${name}`,
      variant: name,
      weightFormat: 'q4f16_1',
      quantization: 'gptq',
      parameters: 15_191_712,
      contextTokens: 256,
    })
    expect(manifest.stopTokenIds.toSorted()).toEqual([1, 2])
    expect(manifest.prompt.kind).toBe(name === 'base' ? 'completion' : 'turns')
    expect(manifest.description).toContain('15 million parameters')
  })

  test('every file has the size and hash of the manifest', async () => {
    const { files } = await manifestOf()
    const found = await Promise.all(
      files.map(async ({ name: file }) => {
        const bytes = await read(file)
        return { name: file, sizeBytes: bytes.length, sha256: sha256(bytes) }
      }),
    )
    expect(found).toEqual(files)
    expect(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(12_000_000)
  })

  test('its libraries are fresh; if not: npm run build:models -- --libraries', async () => {
    const {
      weightFormat: format,
      contextTokens,
      prefillChunkTokens: chunkTokens,
      libraries,
      files,
    } = await manifestOf()
    const config: unknown = JSON.parse((await read('config.json')).toString())
    const architecture = requireArchitecture(config)
    const spec = architecture.spec(config)
    const runtime = await readFile(`${resources}/runtime/hearth-runtime.wasm`)
    for (const target of libraryTargets) {
      const made = makeLibrary(runtime, {
        spec,
        rules: architecture.weights(spec),
        format,
        contextTokens,
        chunkTokens,
        target,
      })
      expect(sha256(made.bytes)).toBe(files.find((file) => file.name === libraries[target])?.sha256)
    }
  })
})
