// The message catalogue: every sentence of the window by key, in each language. Counts take i18next's plural forms (`_one`, `_other`); values stand in
// {{braces}}. A language = one folder beside `en`, which the types hold complete, and one line here.
import i18next from 'i18next'
import { de } from './de/index.ts'
import { en } from './en/index.ts'

const languages = { en, de } as const
export type Language = keyof typeof languages

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
  resources: Object.fromEntries(Object.entries(languages).map(([name, translation]) => [name, { translation }])),
  interpolation: { escapeValue: false },
})

/** The sentence of a key in the language in use: `t('chat.tokens', { count })`. */
export const t = catalogue.t

/** Whoever shows sentences renders again after this (views/shell/Shell.tsx). */
export function useLanguage(language: Language): void {
  void catalogue.changeLanguage(language)
}
