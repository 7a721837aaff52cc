// How a person wants the window, in the page's own storage, which lies in the data folder like everything else. Storage may be refused or hold anything.
import { z } from 'zod'
import { languageNames } from '../shared/language.ts'
import { type Appearance, contrasts, directions, fontSizes, themes, usualAppearance } from './state/appearance.ts'

const key = 'hearth.appearance'
/** Where earlier versions kept the theme alone. */
const themeKey = 'hearth.theme'

const theme = z.enum(themes).catch(usualAppearance.theme)
const kept = z.object({
  theme,
  language: z.enum(['system', ...languageNames]).catch(usualAppearance.language),
  fontSize: z.enum(fontSizes).catch(usualAppearance.fontSize),
  direction: z.enum(directions).catch(usualAppearance.direction),
  contrast: z.enum(contrasts).catch(usualAppearance.contrast),
})

/** What does not make sense is as usual; the rest counts. */
export function readAppearance(storage: Pick<Storage, 'getItem'>): Appearance {
  try {
    const text = storage.getItem(key)
    if (text === null) return { ...usualAppearance, theme: theme.parse(storage.getItem(themeKey)) }
    return kept.parse(JSON.parse(text))
  } catch {
    return usualAppearance
  }
}

export function keepAppearance(storage: Pick<Storage, 'setItem'>, appearance: Appearance): void {
  const { theme, language, fontSize, direction, contrast } = appearance
  try {
    storage.setItem(key, JSON.stringify({ theme, language, fontSize, direction, contrast } satisfies Appearance))
  } catch {
    // It is chosen anew next time.
  }
}
