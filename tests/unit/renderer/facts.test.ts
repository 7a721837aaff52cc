// The catalogue's sentences in each language: none missing, none too many, and values kept.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { factsIn, factText } from '../../../renderer/words/facts.ts'
import { speak } from '../../../renderer/words/words.ts'
import { datasets, families, variants } from '../../../shared/catalog/catalog.ts'
import { methods } from '../../../shared/catalog/methods.ts'
import { nameWords } from '../../../shared/catalog/nameDecoder.ts'
import { modelManifest } from '../../../shared/model.ts'

afterEach(() => speak('en'))

const bundled = (['base', 'instruct', 'chat'] as const).map((kind) => {
  const file = join(import.meta.dirname, '../../../resources/models/tinystories-15m', kind, 'hearth.json')
  return modelManifest.parse(JSON.parse(readFileSync(file, 'utf8')))
})
const made = [
  'A model compiled from a folder on this computer.',
  'a folder on this computer',
  'unknown',
  'Compiled on this computer from the checkpoint publisher/model.',
  'Made from the MLC weights publisher/model.',
]

/** Everything of the data that the window shows as words; numbers and names are the same in every language. */
const shown = new Set([
  ...families.flatMap(({ notes, released }) => [...notes, ...(/\p{Lu}\p{Ll}{4,}\)/u.test(released) ? [released] : [])]),
  ...variants.flatMap(({ notes, commercialNote }) => [...notes, ...(commercialNote === null ? [] : [commercialNote])]),
  // Where they are more than a name.
  ...[
    ...families.map(({ developer }) => developer),
    ...variants.map(({ licence }) => licence),
    ...datasets.map(({ publisher }) => publisher),
  ].filter((name) => /licence| and |\bby |\(with|via|several|various|unclear|only|team/i.test(name)),
  ...datasets.flatMap(({ how, size }) => [how, ...(size === null ? [] : [size])]),
  ...nameWords.map(({ meaning }) => meaning),
  ...Object.values(methods).flatMap(({ name, explanation }) => [name, explanation]),
  ...bundled.flatMap(({ description, provenance }) => [description, provenance]),
  ...made,
])

test.each(Object.entries(factsIn))(
  'in %s every fact that the window shows is said, and nothing else',
  (_language, facts) => {
    const used = new Set<string>()
    const missing = [...shown].filter((english) => {
      const known =
        Object.keys(facts).find((key) => key === english) ?? Object.keys(facts).find((key) => fits(key, english))
      if (known !== undefined) used.add(known)
      return known === undefined
    })
    expect(missing).toEqual([])
    expect(Object.keys(facts).filter((key) => !used.has(key))).toEqual([])
  },
)

function fits(key: string, english: string): boolean {
  const [before, after] = key.split('…')
  return after !== undefined && english.startsWith(before ?? '') && english.endsWith(after)
}

test('a fact is said in the language in use, with its value; a stranger’s words stay as they are', () => {
  expect([...shown].map(factText)).toEqual([...shown])
  speak('de')
  expect(factText('as Llama 2')).toBe('wie Llama 2')
  expect(factText('Compiled on this computer from the checkpoint a/$&b.')).toBe(
    'Auf diesem Computer aus dem Checkpoint a/$&b kompiliert.',
  )
  expect(bundled.map(({ provenance }) => factText(provenance)).at(-1)).toContain('zur Variante chat angepasst')
  for (const strange of ['A fine model.', '', 'constructor', 'toString']) expect(factText(strange)).toBe(strange)
})
