import { t } from '../words/words.ts'

/** A mistake of the page itself, in plain words: the one handler of everything that is nobody's expected failure. */
export function showCrash(error: unknown): void {
  console.error(error)
  const words = document.createElement('p')
  words.className = 'crash'
  words.setAttribute('role', 'alert')
  const reason = error instanceof Error ? error.message : String(error)
  words.textContent = t('problems.crash', { reason })
  document.body.replaceChildren(words)
}
