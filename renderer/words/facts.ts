// What the catalogue (shared/catalog) and models say of themselves. It is data and English, as the command line shows it; here it is said in the language
// in use, by the English text. What a language does not have, a stranger's description for example, stays as it is.
import type { Language } from '../../shared/language.ts'
import { facts as de } from './de/facts.ts'
import { spokenLanguage } from './words.ts'

export type Facts = Readonly<Record<string, string>>

/** Of each language but the one that the data are written in. */
export const factsIn: Readonly<Record<Exclude<Language, 'en'>, Facts>> = { de }

export function factText(english: string): string {
  const language = spokenLanguage()
  return language === 'en' ? english : saidIn(factsIn[language], english)
}

function saidIn(facts: Facts, english: string): string {
  if (Object.hasOwn(facts, english)) return facts[english] ?? english
  for (const [known, said] of Object.entries(facts)) {
    const [before, after] = known.split('…')
    if (before === undefined || after === undefined) continue
    const hasValue = english.length > before.length + after.length
    if (!hasValue || !english.startsWith(before) || !english.endsWith(after)) continue
    const value = english.slice(before.length, english.length - after.length)
    return said.replace('…', () => value)
  }
  return english
}
