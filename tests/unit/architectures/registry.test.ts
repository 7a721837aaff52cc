import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { architectures, requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import type { Architecture, WeightSource } from '../../../shared/compiler/architectures/spec.ts'
import { modelTensors } from '../../../shared/compiler/architectures/tensors.ts'

const folder = new URL('../../../shared/compiler/architectures/', import.meta.url)
const cases = new URL('../../fixtures/reference/cases/', import.meta.url)

test('every architecture that a file here makes is in the list, once', async () => {
  const exported: Architecture[] = []
  for (const file of await readdir(folder)) {
    if (file === 'index.ts') continue
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>
    exported.push(...Object.values(module).filter(isArchitecture))
  }
  expect(new Set(architectures)).toEqual(new Set(exported))
  expect(architectures.length).toBe(exported.length)
})

test('a model type that several architectures serve is told apart by each of them', () => {
  const types = architectures.flatMap(({ modelTypes }) => modelTypes)
  const shared = types.filter((type, index) => types.indexOf(type) !== index)
  for (const { modelTypes, recognises } of architectures)
    if (modelTypes.some((type) => shared.includes(type))) expect(recognises, modelTypes.join()).toBeDefined()
})

test('a known model type in a form that no architecture recognises is refused as that', () => {
  // None of the fields that only ChatGLM-6B has, and none of its successors' own.
  const chatGlm = { model_type: 'chatglm', vocab_size: 130_528 }
  expect(() => requireArchitecture(chatGlm)).toThrow(
    'config.json: model_type: "chatglm" in a form that is not supported',
  )
})

test('for every reference configuration the rules make each tensor of the spec once, out of sources of as many values', async () => {
  const seen = new Set<Architecture>()
  for (const name of (await readdir(cases)).sort()) {
    const config: unknown = JSON.parse(await readFile(new URL(`${name}/config.json`, cases), 'utf8'))
    if (!architectures.some((one) => claims(one, config))) continue
    const architecture = requireArchitecture(config)
    seen.add(architecture)
    const spec = architecture.spec(config)
    const rules = architecture.weights(spec)
    expect(new Set(rules.map((rule) => rule.name)).size, name).toBe(rules.length)
    expect(
      rules.map(({ sources: _, ...tensor }) => tensor),
      name,
    ).toEqual(modelTensors(spec))
    for (const { name: tensor, shape, sources } of rules)
      expect(
        sources.reduce((sum, source) => sum + valuesOf(source), 0),
        `${name} ${tensor}`,
      ).toBe(product(shape))
  }
  expect(seen.size).toBeGreaterThan(10)
})

function isArchitecture(value: unknown): value is Architecture {
  return typeof value === 'object' && value !== null && 'modelTypes' in value
}

function claims({ modelTypes, recognises }: Architecture, config: unknown): boolean {
  const fields = config as Readonly<Record<string, unknown>>
  return modelTypes.includes(fields.model_type as string) && (recognises?.(fields) ?? true)
}

function valuesOf({ shape, rows }: WeightSource): number {
  const all = product(shape)
  const taken = rows?.reduce((sum, [, count]) => sum + count, 0) ?? shape[0] ?? 1
  return (all / (shape[0] ?? 1)) * taken
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1)
}
