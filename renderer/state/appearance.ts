// How the window looks and in which language it speaks: the system's choice until a person makes theirs.
import { createStore } from 'zustand/vanilla'
import type { Language } from '../../shared/language.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
/** From small to large; all measures of the window grow with the letters (renderer/styles/theme.css). */
export const fontSizes = ['small', 'usual', 'large', 'larger', 'largest'] as const
export type FontSize = (typeof fontSizes)[number]
/** Of the system's size, as renderer/styles/theme.css has them. */
export const fontPercents: Readonly<Record<FontSize, number>> = {
  small: 87.5,
  usual: 100,
  large: 112.5,
  larger: 131.25,
  largest: 150,
}
/** automatic: that of the language. The others are for trying out layouts whose language is still to come. */
export const directions = ['automatic', 'ltr', 'rtl'] as const
export type Direction = (typeof directions)[number]
export const contrasts = ['system', 'more'] as const
export type Contrast = (typeof contrasts)[number]

export interface Appearance {
  readonly theme: Theme
  readonly language: Language | 'system'
  readonly fontSize: FontSize
  readonly direction: Direction
  readonly contrast: Contrast
}

export const usualAppearance: Appearance = {
  theme: 'system',
  language: 'system',
  fontSize: 'usual',
  direction: 'automatic',
  contrast: 'system',
}

export function createAppearance() {
  return createStore<Appearance>()(() => usualAppearance)
}

/** The theme that the switch leads to: the opposite of what is seen now. */
export function switched(theme: Theme, systemIsDark: boolean): Theme {
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark)
  return isDark ? 'light' : 'dark'
}

/** One step larger or smaller; the same at the end. */
export function resized(fontSize: FontSize, steps: 1 | -1): FontSize {
  return fontSizes[fontSizes.indexOf(fontSize) + steps] ?? fontSize
}
