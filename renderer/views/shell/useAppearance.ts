// Puts what a person chose for the look of the window onto the page itself, where the style sheets read it, and has the words in their language.
import { useEffect } from 'react'
import { type Language, languageOf } from '../../../shared/language.ts'
import { directionOf, speak } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'

export interface SeenAppearance {
  readonly language: Language
  readonly direction: 'ltr' | 'rtl'
}

export function useAppearance(): SeenAppearance {
  const { appearance } = useApp()
  const { theme, language: choice, fontSize, direction: wanted, contrast } = useValue(appearance, (state) => state)
  const language = languageOf(choice, navigator.languages)
  const direction = wanted === 'automatic' ? directionOf(language) : wanted
  // Before anything below asks for a sentence: as often as React renders, it comes to the same.
  speak(language)
  useEffect(() => {
    const page = document.documentElement
    page.lang = language
    page.dir = direction
    Object.assign(page.dataset, { theme, fontSize, contrast })
  }, [language, direction, theme, fontSize, contrast])
  return { language, direction }
}
