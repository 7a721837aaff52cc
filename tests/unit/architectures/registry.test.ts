import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { architectures } from '../../../shared/compiler/architectures/index.ts'
import type { Architecture } from '../../../shared/compiler/architectures/spec.ts'

const folder = new URL('../../../shared/compiler/architectures/', import.meta.url)

test('every architecture file is in the list, and no model type is claimed twice', async () => {
  const files = (await readdir(folder)).filter((name) => name !== 'index.ts' && name !== 'spec.ts')
  const exported: Architecture[] = []
  for (const file of files) {
    const module = (await import(new URL(file, folder).href)) as Record<string, Architecture>
    exported.push(...Object.values(module).filter((value) => 'modelTypes' in value))
  }
  expect(exported.length).toBe(files.length)
  expect(new Set(architectures)).toEqual(new Set(exported))
  const types = architectures.flatMap(({ modelTypes }) => modelTypes)
  expect(new Set(types).size).toBe(types.length)
})
