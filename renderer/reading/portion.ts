// The part of a text that is shown at once: a text of any length opens at once, and the rest is one press away.
import { cleanText } from './cleanText.ts'
import { limits } from './limits.ts'
import { withReferences } from './references.ts'
import { type Block, joinSmall, splitBlocks } from './splitBlocks.ts'

export interface ShownBlock {
  readonly block: Block
  /** What the parser is given: with definitions from elsewhere in the text. */
  readonly source: string
}

export interface Portion {
  readonly blocks: readonly ShownBlock[]
  /** Of the text, that are not in it. */
  readonly hiddenCharacters: number
}

/** So many times as much as is shown at first. A text that is being written is shown whole: it grows at its end. */
export function portionOf(text: string, times: number, isWhole: boolean): Portion {
  const clean = cleanText(text)
  const most = isWhole ? clean.length : limits.shownCharacters * times
  const end = clean.length <= most ? clean.length : endOfLine(clean, most)
  const all = joinSmall(splitBlocks(clean.slice(0, end)))
  const blocks = isWhole ? all : all.slice(0, limits.shownBlocks * times)
  const sources = withReferences(blocks)
  const shownCharacters = blocks.reduce((sum, { source }) => sum + source.length, 0)
  return {
    blocks: blocks.map((block, index) => ({ block, source: sources[index] ?? block.source })),
    hiddenCharacters: clean.length - shownCharacters,
  }
}

/** The last line end before a place, where there is one near. */
function endOfLine(text: string, place: number): number {
  const end = text.lastIndexOf('\n', place)
  return end > place - 2000 ? end : place
}
