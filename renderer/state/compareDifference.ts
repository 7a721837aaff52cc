// What two texts share and where they part, word by word. Long texts are compared in small steps between which the window lives on.
import { type ChangeObject, diffSentences, diffWordsWithSpace } from 'diff'

export interface DifferencePart {
  /** first, second: in this text alone. */
  readonly kind: 'both' | 'first' | 'second'
  readonly text: string
}

/** Up to here one go takes a few hundredths of a second even where nothing is alike. */
const shortCharacters = 4_000
const patienceMs = 8_000

/** The parts of kinds both and first, joined, are the first text; both and second the second. */
export async function wordDifference(
  first: string,
  second: string,
  signal: AbortSignal,
): Promise<readonly DifferencePart[]> {
  if (first.length + second.length <= shortCharacters) return partsOf(diffWordsWithSpace(first, second))
  const words = await new Promise<ChangeObject<string>[] | undefined>((resolve) => {
    // One of its steps per turn of the event loop.
    diffWordsWithSpace(first, second, { callback: resolve, timeout: patienceMs })
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  signal.throwIfAborted()
  if (words !== undefined) return partsOf(words)
  const sentences = diffSentences(first, second, { timeout: 1_000 })
  if (sentences !== undefined) return partsOf(sentences)
  return [
    { kind: 'first', text: first },
    { kind: 'second', text: second },
  ]
}

/** Changes that only white space parts are one change: whole phrases are read more easily than every other word. */
function partsOf(changes: readonly ChangeObject<string>[]): readonly DifferencePart[] {
  const parts: DifferencePart[] = []
  let first = ''
  let second = ''
  const end = () => {
    if (first !== '') parts.push({ kind: 'first', text: first })
    if (second !== '') parts.push({ kind: 'second', text: second })
    first = ''
    second = ''
  }
  for (const [index, { added, removed, value }] of changes.entries()) {
    const isBetween = value.trim() === '' && first + second !== '' && index < changes.length - 1
    if (added) second += value
    else if (removed) first += value
    else if (isBetween && first !== '' && second !== '') {
      first += value
      second += value
    } else {
      end()
      parts.push({ kind: 'both', text: value })
    }
  }
  end()
  return parts
}

/** How much of the words stands in both texts, 0 to 1; of two empty texts 1. */
export function likeness(parts: readonly DifferencePart[]): number {
  const wordsIn = (kind: DifferencePart['kind']) =>
    parts.filter((part) => part.kind === kind).reduce((sum, { text }) => sum + (text.match(/\S+/g)?.length ?? 0), 0)
  const both = 2 * wordsIn('both')
  const all = both + wordsIn('first') + wordsIn('second')
  return all === 0 ? 1 : both / all
}
