// The message catalogue: every sentence of the window by key, in each language. Counts take i18next's plural forms (`_one`, `_other`); values stand in
// {{braces}}. A language = its name in shared/language.ts, one folder beside `en`, which the types hold complete, and one line here.
import i18next from 'i18next'
import { type Language, languageNames } from '../../shared/language.ts'
import { de } from './de/index.ts'
import { en } from './en/index.ts'
import type { Translated } from './types.ts'

/** All of it, for whoever looks at it as a whole. */
export const wordsIn: Readonly<Record<Language, Translated<typeof en>>> = { en, de }

/** Each in its own language. */
export const ownNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

const catalogue = i18next.createInstance()
void catalogue.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: Object.fromEntries(Object.entries(wordsIn).map(([name, translation]) => [name, { translation }])),
  interpolation: { escapeValue: false },
})

/** The sentence of a key in the language in use: `t('chat.tokens', { count })`. */
export const t = catalogue.t

/** Whoever shows sentences renders again after this (views/shell/Shell.tsx). */
export function speak(language: Language): void {
  if (language !== catalogue.language) void catalogue.changeLanguage(language)
}

export function spokenLanguage(): Language {
  return languageNames.find((known) => known === catalogue.language) ?? 'en'
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return catalogue.dir(language)
}
