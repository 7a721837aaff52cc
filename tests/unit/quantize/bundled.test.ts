// What the committed models say of themselves; tests/unit/resources checks that they are whole.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { modelManifest, variant } from '../../../shared/model.ts'

const resources = fileURLToPath(new URL('../../../resources', import.meta.url))

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
})
