// Tells main in which language to word what it shows by itself: the application menu, dialogs of the system.
import { type Language, languageOf } from '../shared/language.ts'
import type { Call } from './ipc.ts'
import type { Appearance } from './state/appearance.ts'

export interface LanguageParts {
  /** A person's choice, followed from now on. */
  readonly appearance: {
    getState(): Pick<Appearance, 'language'>
    subscribe(listener: (state: Pick<Appearance, 'language'>) => void): unknown
  }
  /** As the browser lists them. */
  readonly preferred: readonly string[]
  readonly call: Call
}

export function tellLanguage({ appearance, preferred, call }: LanguageParts): void {
  let told: Language | null = null
  const tell = ({ language: choice }: Pick<Appearance, 'language'>) => {
    const language = languageOf(choice, preferred)
    if (language === told) return
    told = language
    // Main then goes on in the system's language: nothing that anybody has to be told of.
    void call('page.language', { language }).catch(() => {})
  }
  tell(appearance.getState())
  appearance.subscribe(tell)
}
