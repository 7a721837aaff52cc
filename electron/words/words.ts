// What main says to people: menus and dialogs of the system, in each language. Everything in the window is worded by the page (renderer/words), which
// also tells main the language. Sentences with a value are functions of it.
import type { Language } from '../../shared/language.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export type MainWords = typeof en

export const mainWords: Readonly<Record<Language, MainWords>> = { en, de }
