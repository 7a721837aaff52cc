// A chat's name without asking a model: the first line of its first message, without the marks of Markdown.
export const longestTitle = 80

/** Empty for a text without a line of words. */
export function titleOf(text: string): string {
  const line = text
    .slice(0, 2000)
    .split('\n')
    .map(cleaned)
    .find((words) => words !== '')
  if (line === undefined) return ''
  if (line.length <= longestTitle) return line
  const cut = line.slice(0, longestTitle)
  const space = cut.lastIndexOf(' ')
  return `${(space > longestTitle / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '').trimEnd()} …`
}

function cleaned(line: string): string {
  return line
    .replace(/^[\s>#*+-]+(?=\s|$)/, '')
    .replace(/[`*_]{1,3}/g, '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
