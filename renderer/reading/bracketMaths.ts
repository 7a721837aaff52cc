// Formulas between \( \) and \[ \], as LaTeX and many models write them, in the dollars that the parser knows. To Markdown these are escaped brackets, so
// \[ \] counts only where it has its lines to itself: `\[1\]` in a sentence is a bracket.

// Code comes first in the alternatives, indented or between backticks, so that nothing within it is touched.
const found =
  /^(?: {4}|\t).*$|(`+)(?:(?!\1)[\s\S])*?\1|\\\((?<inline>[^\n$]{1,500}?)\\\)|^[ \t]*\\\[(?<display>[^$]{1,2000}?)\\\][ \t]*$/gm

export function bracketMaths(text: string): string {
  if (!text.includes('\\(') && !text.includes('\\[')) return text
  return text.replace(found, (whole, ...rest) => {
    const { inline, display } = rest.at(-1) as { readonly inline?: string; readonly display?: string }
    if (inline !== undefined && inline.trim() !== '') return `$${inline.trim()}$`
    if (display !== undefined && display.trim() !== '') return `$$\n${display.trim()}\n$$`
    return whole
  })
}
