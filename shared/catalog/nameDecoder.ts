// What the name of a model says, word by word: `llama2-zephyr-orca-ultra`. Names are customs, not facts: what is read here is a guess to start from.
import { configOf, familyNamed } from './catalog.ts'
import wordData from './data/words.json' with { type: 'json' }
import type { NameWord, WordCategory } from './types.ts'

export interface ReadWord {
  /** As it stands in the name. */
  readonly text: string
  readonly category: WordCategory
  readonly meaning: string
}

export interface ReadName {
  readonly words: readonly ReadWord[]
  /** What does not go together, in sentences: weights of different shapes cannot be merged. */
  readonly cautions: readonly string[]
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
    return { word: { text, category: entry.category, meaning: entry.meaning }, family, length }
  }
  const text = words[start] ?? ''
  return { word: { text, ...measure(text) }, family: null, length: 1 }
}

/** Numbers: sizes, contexts, versions. */
function measure(text: string): Omit<ReadWord, 'text'> {
  const [, experts, size, unit, fraction] = /^(?:(\d+)x)?(\d+(?:\.\d+)?)([bmBM])(\d)?$/.exec(text) ?? []
  if (size !== undefined && unit !== undefined) {
    const count = `${size}${fraction === undefined ? '' : `.${fraction}`} ${unit.toLowerCase() === 'b' ? 'billion' : 'million'}`
    const meaning = experts === undefined ? `${count} parameters` : `${experts} experts of ${count} parameters`
    return { category: 'size', meaning }
  }
  const context = /^(\d+)k$/i.exec(text)?.[1]
  if (context !== undefined) return { category: 'context', meaning: `Reads ${context} thousand tokens` }
  if (/^v?\d+(\.\d+)*[a-z]?$/i.test(text))
    return { category: 'version', meaning: 'A release: even its base may differ from other releases' }
  return { category: 'unknown', meaning: 'Not a word that Hearth knows' }
}

/** Families without a common shape cannot be averaged; what a vocabulary holds or a rotary angle is does not count. */
function shapeCautions(named: readonly string[]): readonly string[] {
  const shaped = [...new Set(named)].map((family) => [family, shapesOf(family)] as const)
  return shaped.flatMap(([first, ofFirst], index) =>
    shaped.slice(index + 1).flatMap(([second, ofSecond]) => {
      const isUnknown = ofFirst.size === 0 || ofSecond.size === 0
      if (isUnknown || [...ofFirst].some((shape) => ofSecond.has(shape))) return []
      const [one, other] = [first, second].map((id) => familyNamed(id)?.name ?? id)
      return [`${one} and ${other} have no size of the same shape: their weights cannot be merged.`]
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
