// Takes out of a text what is not seen but acts: control characters (a terminal obeys them when the text is pasted), bidirectional controls (they show
// another order than is there: Trojan Source, CVE-2021-42574) and invisible tag characters. Line feeds and tabs stay, and so do joiners, which scripts and emoji need.

const unwanted =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g

/** Flags of regions are a black flag and tag characters; elsewhere these hide text. */
const tags = /(\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F})|[\u{E0000}-\u{E007F}]/gu

export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(unwanted, '')
    .replace(tags, '$1')
}
