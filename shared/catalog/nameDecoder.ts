// What the name of a model says, word by word: `llama2-zephyr-orca-ultra`. Names are customs, not facts: what is read here is a guess to start from.
import { configOf, familyNamed } from './catalog.ts'
import wordData from './data/words.json' with { type: 'json' }
import type { NameWord, WordCategory } from './types.ts'

export interface ReadWord {
  /** As it stands in the name. */
  readonly text: string
  readonly category: WordCategory
  readonly meaning: Meaning
}

export type Meaning =
  /** Of data/words.json. */
  | { readonly kind: 'known'; readonly text: string }
  /** Parameters; `experts` null where it has none. */
  | {
      readonly kind: 'size'
      readonly experts: number | null
      readonly number: number
      readonly unit: 'billion' | 'million'
    }
  | { readonly kind: 'context'; readonly thousandTokens: number }
  | { readonly kind: 'version' | 'unknown' }

export interface ReadName {
  readonly words: readonly ReadWord[]
  /** Names of families that do not go together: weights of different shapes cannot be merged. */
  readonly cautions: readonly (readonly [one: string, other: string])[]
}

export const nameWords = wordData.words as unknown as readonly NameWord[]

const known = new Map(nameWords.flatMap((entry) => entry.words.map((word) => [word, entry] as const)))
const longestParts = 3

/** Reads a name; the publisher in front of a slash is left out. */
export function decodeName(name: string): ReadName {
  const parts = name
    .slice(name.lastIndexOf('/') + 1)
    .trim()
    .split(/([-_ .]+)/)
  // `2.5`, `v0.1` and `q4f16_1` are one word: the splitter stands between digits.
  const words: string[] = []
  for (let index = 0; index < parts.length; index += 2) {
    const [word = '', separator = ''] = [parts[index], parts[index - 1]]
    const last = words.at(-1)
    const isFraction = separator === '.' && /\d$/.test(last ?? '') && /^\d/.test(word)
    const isScheme = separator === '_' && /^q\df\d+$/i.test(last ?? '') && /^\d$/.test(word)
    if (last !== undefined && (isFraction || isScheme)) words[words.length - 1] = `${last}${separator}${word}`
    else if (word !== '') words.push(word)
  }
  const read: ReadWord[] = []
  const families: string[] = []
  for (let index = 0; index < words.length; ) {
    const found = longestKnown(words, index)
    read.push(found.word)
    if (found.family !== null) families.push(found.family)
    index += found.length
  }
  return { words: read, cautions: shapeCautions(families) }
}

interface Found {
  readonly word: ReadWord
  readonly family: string | null
  readonly length: number
}

function longestKnown(words: readonly string[], start: number): Found {
  for (let length = Math.min(longestParts, words.length - start); length > 0; length--) {
    const parts = words.slice(start, start + length)
    const text = parts.join('-')
    const entry = known.get(text.toLowerCase())
    if (entry === undefined) continue
    const family = entry.families[text.toLowerCase()] ?? null
    const meaning: Meaning = { kind: 'known', text: entry.meaning }
    return { word: { text, category: entry.category, meaning }, family, length }
  }
  const text = words[start] ?? ''
  return { word: { text, ...measure(text) }, family: null, length: 1 }
}

/** Numbers: sizes, contexts, versions. */
function measure(text: string): Omit<ReadWord, 'text'> {
  const [, experts, size, unit, fraction] = /^(?:(\d+)x)?(\d+(?:\.\d+)?)([bmBM])(\d)?$/.exec(text) ?? []
  if (size !== undefined && unit !== undefined) {
    const meaning: Meaning = {
      kind: 'size',
      experts: experts === undefined ? null : Number(experts),
      number: Number(`${size}${fraction === undefined ? '' : `.${fraction}`}`),
      unit: unit.toLowerCase() === 'b' ? 'billion' : 'million',
    }
    return { category: 'size', meaning }
  }
  const context = /^(\d+)k$/i.exec(text)?.[1]
  if (context !== undefined)
    return { category: 'context', meaning: { kind: 'context', thousandTokens: Number(context) } }
  if (/^v?\d+(\.\d+)*[a-z]?$/i.test(text)) return { category: 'version', meaning: { kind: 'version' } }
  return { category: 'unknown', meaning: { kind: 'unknown' } }
}

/** Families without a common shape cannot be averaged; what a vocabulary holds or a rotary angle is does not count. */
function shapeCautions(named: readonly string[]): ReadName['cautions'] {
  const shaped = [...new Set(named)].map((family) => [family, shapesOf(family)] as const)
  return shaped.flatMap(([first, ofFirst], index) =>
    shaped.slice(index + 1).flatMap(([second, ofSecond]) => {
      const isUnknown = ofFirst.size === 0 || ofSecond.size === 0
      if (isUnknown || [...ofFirst].some((shape) => ofSecond.has(shape))) return []
      const nameOf = (id: string) => familyNamed(id)?.name ?? id
      return [[nameOf(first), nameOf(second)] as const]
    }),
  )
}

const shapeless = /vocab|eps|theta|position|token_id|seq|sliding|architectures|model_type|rope|tie_/

function shapesOf(family: string): ReadonlySet<string> {
  const configs = (familyNamed(family)?.variants ?? []).map(configOf).filter((config) => config !== null)
  return new Set(
    configs.map((config) =>
      JSON.stringify(
        Object.entries(config)
          .filter(([key]) => !shapeless.test(key))
          .sort(),
      ),
    ),
  )
}
