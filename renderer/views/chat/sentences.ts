// Which part of a text that is still being written can be read aloud: whole sentences and lines, never half a word.

/** A sentence's end with what may close it, followed by a space; a line's end; the full stops of scripts that put no space after them. */
const endings = /[.!?…]+["'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*|\n+/gu

/** Characters from the start of the text up to the end of its last finished sentence; `from` where none was finished since. */
export function finishedLength(text: string, from: number): number {
  let end = from
  for (const match of text.slice(from).matchAll(endings)) end = from + match.index + match[0].length
  return end
}
