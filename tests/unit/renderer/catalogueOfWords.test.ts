// The message catalogue is whole: the same keys, values and plural forms in every language, no sentence of the window beside it, and every key in use.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { afterEach, expect, test } from 'vitest'
import { bytesText, dayText, durationText, largeText, numberText, speedText } from '../../../renderer/words/units.ts'
import { directionOf, speak, t, wordsIn } from '../../../renderer/words/words.ts'
import { type Language, languageNames, languageOf } from '../../../shared/language.ts'
import { formatBytes, formatDuration, formatLarge, formatNumber, formatSpeed } from '../../../shared/units.ts'

afterEach(() => speak('en'))

type Words = { readonly [key: string]: string | Words }

function flat(words: Words, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : [...flat(value, `${prefix}${key}.`)],
    ),
  )
}

const languages = Object.fromEntries(
  languageNames.map((name) => [name, flat(wordsIn[name] as Words)] as const),
) as Readonly<Record<Language, ReadonlyMap<string, string>>>

/** Values and what they are called. One thing can be said without its number. */
const placeholders = (key: string, sentence: string) =>
  [...sentence.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)]
    .map(([, name]) => name)
    .filter((name) => !(key.endsWith('_one') && name === 'count'))
    .sort()

test('every language has the same keys, and the same values in each sentence', () => {
  const english = languages.en
  for (const [language, words] of Object.entries(languages)) {
    // Some languages count in more forms than English.
    const common = [...words.keys()].filter((key) => !/_(zero|two|few|many)$/.test(key))
    expect(common, language).toEqual([...english.keys()])
    for (const [key, sentence] of words)
      expect([language, key, placeholders(key, sentence)]).toEqual([
        language,
        key,
        placeholders(key, english.get(key) ?? english.get(key.replace(/_(zero|two|few|many)$/, '_other')) ?? ''),
      ])
  }
})

test('a sentence that counts has each plural form of its language', () => {
  for (const [language, words] of Object.entries(languages)) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counted = new Set(
      [...words.keys()].filter((key) => /_(one|other)$/.test(key)).map((key) => key.replace(/_\w+$/, '')),
    )
    const missing = [...counted]
      .flatMap((key) => forms.map((form) => `${key}_${form}`))
      .filter((key) => !words.has(key))
    expect(missing, language).toEqual([])
  }
})

test('no sentence is empty, begins or ends with space, or has a bracket that is not closed', () => {
  for (const [language, words] of Object.entries(languages))
    for (const [key, sentence] of words) {
      expect([language, key, sentence.trim()]).toEqual([language, key, sentence])
      expect([language, key, sentence]).not.toEqual([language, key, ''])
      expect((sentence.match(/\{\{/g) ?? []).length, key).toBe((sentence.match(/\}\}/g) ?? []).length)
    }
})

const renderer = join(import.meta.dirname, '../../../renderer')

function filesUnder(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(renderer, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
}

/** Names, keys on a keyboard, units, formats and examples: the same in every language. */
const sameEverywhere = new Set(['Hearth', 'Enter', 'Esc', 'GB', 'hf_…', 'http://proxy.example:3128', 'JSON', 'CSV'])
/** What a model is given to begin with, and details in the machine’s own words. */
const notOfTheWindow = new Set(['Once upon a time', '… is not installed any more'])
/** Attributes whose text is read or spoken. */
const spoken =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|hint|lead|text|spokenLabel|unit)$/

interface Found {
  /** Words between tags and in attributes. */
  readonly markup: readonly string[]
  /** Every other text between quotes; … stands for values. */
  readonly quoted: readonly string[]
}

/** All texts of a source, by parsing it. */
function textsOf(file: string, code: string): Found {
  const { program, errors } = parseSync(file, code)
  expect(errors.map(({ message }) => `${file}: ${message}`)).toEqual([])
  const markup: string[] = []
  const quoted: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const { type, value, name, quasis, ...rest } = node as { readonly [key: string]: unknown }
    if (type === 'JSXText' && typeof value === 'string') markup.push(value.replace(/\s+/g, ' ').trim())
    else if (type === 'JSXAttribute' && spoken.test(nameOf(name)) && isText(value)) markup.push(value.value)
    else if (type === 'Literal' && typeof value === 'string') quoted.push(value)
    else if (type === 'TemplateLiteral') quoted.push(cooked(quasis).join('…'))
    else visit(value)
    // Names of modules and errors of programmers are nobody's to read.
    if (type === 'ImportDeclaration' || (type === 'NewExpression' && nameOf(rest.callee) === 'Error')) return
    for (const one of Object.values(rest)) visit(one)
  }
  visit(program.body)
  return { markup: markup.filter(isWords), quoted }
}

const nameOf = (node: unknown) => String((node as { readonly name?: unknown } | null)?.name ?? '')

function isText(node: unknown): node is { readonly value: string } {
  return typeof node === 'object' && node !== null && typeof Reflect.get(node, 'value') === 'string'
}

function cooked(quasis: unknown): readonly string[] {
  return (quasis as readonly { readonly value: { readonly cooked: string } }[]).map(({ value }) => value.cooked)
}

function isWords(text: string): boolean {
  return /\p{L}{2,}/u.test(text) && !sameEverywhere.has(text)
}

const files = ['commands', 'state', 'ui', 'views'].flatMap((folder) => filesUnder(folder, /\.tsx?$/))
const texts = [...files, 'words/units.ts', 'openWindow.tsx'].map((file) => ({
  file,
  ...textsOf(file, readFileSync(join(renderer, file), 'utf8')),
}))

test('no view has a sentence of its own between its tags or in its labels', () => {
  expect(texts.flatMap(({ file, markup }) => markup.map((words) => `${file}: ${words}`))).toEqual([])
})

test('what would be a sentence of a view is found', () => {
  const code =
    'const a = <T,>(x: T) => <p title="Hi you">Nothing {x < 1 ? 2 : 3}{\' \'}is <B label="Keep" icon="x" /></p>'
  expect(textsOf('a.tsx', code).markup.toSorted()).toEqual(['Hi you', 'Keep', 'Nothing', 'is'])
  expect(textsOf('a.ts', ['f(`It takes $', '{a} of $', '{b}.`)'].join('')).quoted).toEqual(['It takes … of ….'])
})

test('no command, state or view has a sentence between quotes', () => {
  const isSentence = (text: string) =>
    /^[A-Z…][\p{L}…]*,?( [\p{L}\d…’,:-]+){2,}[.?!]?$/u.test(text) &&
    (text.match(/\p{L}{2,}/gu) ?? []).length > 2 &&
    !notOfTheWindow.has(text)
  expect(texts.flatMap(({ file, quoted }) => quoted.filter(isSentence).map((text) => `${file}: ${text}`))).toEqual([])
})

test('every key is used by some source', () => {
  const quoted = new Set(texts.flatMap((one) => one.quoted))
  // A key that is put together is used with all that it may become.
  const patterns = [...quoted]
    .filter((text) => /^[\w-]*[\w…-]+(\.[\w…-]+)+$/.test(text) && text.includes('…'))
    .map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('…', '[\\w-]+')}$`))
  const isUsed = (key: string) => quoted.has(key) || patterns.some((pattern) => pattern.test(key))
  const keys = [...languages.en.keys()].map((key) => key.replace(/_(one|other)$/, ''))
  expect(keys.filter((key) => !isUsed(key))).toEqual([])
})

test('the language is the person’s choice, else the system’s first that is known, else English', () => {
  expect(languageOf('de', ['en-US'])).toBe('de')
  expect(languageOf('system', ['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(languageOf('system', ['en-GB', 'de'])).toBe('en')
  expect(languageOf('system', ['fr', 'tlh'])).toBe('en')
  expect(languageOf('system', [])).toBe('en')
  expect((['en', 'de'] as const).map(directionOf)).toEqual(['ltr', 'ltr'])
})

test('values are put into sentences as they are, whatever they look like', () => {
  const title = '$t(shell.offline) {{title}} <b>&amp;</b>'
  expect(t('shell.ended.install', { title })).toBe(`${title} is installed.`)
})

const amounts = [0, 1, 999, 1000, 8_600_000, 99_949, 123_456_789, 7_500_000_000, 2.5e12]

test('in English numbers look as on the command line', () => {
  for (const amount of amounts) {
    expect(bytesText(amount)).toBe(formatBytes(amount))
    expect(numberText(amount)).toBe(formatNumber(amount))
    expect(durationText(amount / 1000)).toBe(formatDuration(amount / 1000))
    expect(speedText(amount / 1e6)).toBe(formatSpeed(amount / 1e6))
  }
  for (const amount of [1e12, 3e11, 1.5e9, 4e6]) expect(largeText(amount)).toBe(formatLarge(amount))
})

test('in German they have comma and point, and the day comes first', () => {
  speak('de')
  expect(bytesText(8_600_000)).toBe('8,6 MB')
  expect(numberText(2048)).toBe('2.048')
  expect(durationText(1530)).toBe('1,5 s')
  expect(speedText(38.24)).toBe('38,2 Tokens pro Sekunde')
  expect([1e12, 2e12, 3e11].map(largeText)).toEqual(['1 Billion', '2 Billionen', '300 Milliarden'])
  expect(dayText(Date.UTC(2026, 10, 28, 12))).toBe('28.11.26')
})
