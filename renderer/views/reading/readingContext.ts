// What shown text needs beside itself: who parses it, and where copied code goes. The defaults are the window's own; tests put others in their place.
import { createContext } from 'react'
import { pageReader } from '../../reading/pageReader.ts'
import type { Reader } from '../../reading/reader.ts'

export interface ReadingParts {
  readonly reader: () => Reader
  readonly nextFrame: (call: () => void) => void
  readonly copyText: (text: string) => Promise<void>
}

export const ReadingContext = createContext<ReadingParts>({
  reader: pageReader,
  nextFrame: (call) => void requestAnimationFrame(call),
  copyText: (text) => navigator.clipboard.writeText(text),
})

/** What to do with the address of a link: the only way out of shown text. */
export const LinkContext = createContext<(address: string) => void>(() => {})
