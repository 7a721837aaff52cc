// Signs that are no words (an emoji, `->`, `...`), as words of an index of their own: for each place of a run of signs the next three characters, so that any
// part of a run is found, exactly, as the beginning of a word or as neighbouring words. Each run of a message counts once, however often it is there; so
// the commas of a long text take as much room as those of a short one, and nothing has to be left out.

/** A key cap begins with a digit; else whatever is no letter, number or space. */
const run = /(?:[0-9#*]\ufe0f?\u20e3|[^\p{L}\p{N}\p{Co}\s])+/gu
/** What is not seen by itself: variation selectors, joiners, accents, directions. A family of emoji is found by any of its members. */
const unseen = /(?![\u20e3\u{e0020}-\u{e007f}])[\p{M}\p{Cf}\p{Cc}]/gu
/** Of such things between two signs, and behind the last one. */
export const unseenSources = ['[\\p{M}\\p{Cf}]*', '[\\ufe0e\\ufe0f]?'] as const
/** Longer than anything that can be searched for. */
const longestRepetition = 500
const repetition = new RegExp(`(.)\\1{${longestRepetition},}`, 'gsu')

/** Runs of signs, without what is not seen. */
export function signsIn(text: string): readonly string[] {
  const runs = (text.match(run) ?? []).map((one) => one.replaceAll(unseen, ''))
  return runs.filter((one) => one !== '')
}

/** What the index of signs holds of a text; null where there are none. */
export function signsPart(text: string): string | null {
  const runs = new Set(
    signsIn(text).map((one) => one.replaceAll(repetition, (_, sign) => sign.repeat(longestRepetition))),
  )
  return runs.size === 0 ? null : [...runs].map((one) => wordsOf(one).join(' ')).join(' ')
}

/** A query of the index for a run that `signsIn` gave: it is found wherever it is a part of a run. */
export function signsQuery(signs: string): string {
  const words = wordsOf(signs)
  const whole = words.length > 2 ? words.slice(0, -2) : words.slice(0, 1)
  return `signs : "${whole.join(' ')}" *`
}

export function hasKeyCap(text: string): boolean {
  return text.includes('\u20e3')
}

/** A text without key caps, whose digits are no words. */
export function withoutKeyCaps(text: string): string {
  return text.replaceAll(/[0-9#*]\ufe0f?\u20e3/gu, ' ')
}

function wordsOf(signs: string): readonly string[] {
  const letters = Array.from(signs, letterOf)
  return letters.map((_, place) => letters.slice(place, place + 3).join(''))
}

const ascii = new Map(Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', (sign, index) => [sign, index.toString(36)]))

/** The index throws signs away: each has a letter, of one byte for those of ASCII and for private use else. No two signs have the same one. */
function letterOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  return ascii.get(sign) ?? String.fromCodePoint(privateCode(code))
}

function privateCode(code: number): number {
  if (code < 0x1000) return 0xe000 + code
  if (code >= 0x2000 && code < 0x2900) return 0xf000 + code - 0x2000
  if (code >= 0x1f000 && code < 0x20000) return 0xf0000 + code - 0x1f000
  if (code < 0xfffe) return 0xf0000 + code
  return 0x100000 + Math.min(code & 0xffff, 0xfffd)
}
