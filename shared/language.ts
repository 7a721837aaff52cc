// The languages that Hearth speaks. Words for each: renderer/words for the page, electron/words for menus and dialogs of the system; nothing compiles
// while one of them is missing a language that is named here.

export const languageNames = ['en', 'de'] as const
export type Language = (typeof languageNames)[number]

/** `preferred`: as a browser or a system lists them, the first the dearest. English where none of them is known. */
export function languageOf(choice: Language | 'system', preferred: readonly string[]): Language {
  if (choice !== 'system') return choice
  const bases = preferred.map((tag) => tag.toLowerCase().split(/[-_]/)[0])
  const spoken = bases.find((base) => languageNames.some((name) => name === base))
  return languageNames.find((known) => known === spoken) ?? 'en'
}
