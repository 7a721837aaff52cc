// What main says: in every language the same keys, none empty, each sentence with its values, and none of the sentences elsewhere.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mainWords } from '../../../electron/words/words.ts'
import { languageNames } from '../../../shared/language.ts'

/** Every sentence by its key; those with a value with one that is told from everything else. */
function flat(words: object, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): (readonly [string, string])[] => {
      const name = `${prefix}${key}`
      if (typeof value === 'string') return [[name, value]]
      if (typeof value === 'function') return [[name, String((value as (value: string) => string)('<value>'))]]
      return [...flat(value as object, `${name}.`)]
    }),
  )
}

test('every language has the same keys in the same order, none of them empty', () => {
  const english = flat(mainWords.en)
  for (const language of languageNames) {
    const words = flat(mainWords[language])
    expect([...words.keys()], language).toEqual([...english.keys()])
    for (const [key, sentence] of words) {
      expect([language, key, sentence.trim()]).toEqual([language, key, sentence])
      expect(sentence, `${language} ${key}`).not.toBe('')
      expect([language, key, sentence.includes('<value>')]).toEqual([
        language,
        key,
        english.get(key)?.includes('<value>'),
      ])
    }
  }
})

test('the letters that open menus are different ones', () => {
  for (const language of languageNames) {
    const letters = [...flat(mainWords[language].menu).values()].flatMap((label) => label.match(/&(.)/)?.[1] ?? [])
    expect(letters.length, language).toBe(3)
    expect(new Set(letters).size, language).toBe(letters.length)
  }
})

test('no menu and no dialog of main has a sentence of its own', () => {
  const folder = join(import.meta.dirname, '../../../electron')
  const sentence = /\b(?:title|message|detail|label|name|buttons): \[?['"`](\w[^'"`]*)/
  const own = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        // Reports of the command line and refusals of requests are no dialogs.
        .filter((line) => !/kind: '(failed|refused)'|code: '/.test(line))
        .flatMap((line) => sentence.exec(line)?.[1] ?? []),
    )
  expect(own).toEqual(['Hearth'])
})
