// A chat is called what a person named it, or after the beginning of its first message.

/** Needs a row of `chat`. */
export const titleColumn = `iif(chat.title <> '', chat.title, coalesce((
    SELECT substr(first.text, 1, 400) FROM message AS first
    WHERE first.chat_id = chat.id AND first.text <> '' ORDER BY first.number LIMIT 1), ''))` as const

const longest = 80

/** One line, not long, no half character. */
export function titleOf(value: unknown): string {
  const line = String(value)
    .replaceAll(/[\s\0]+/gu, ' ')
    .trim()
  if (line.length <= longest) return line
  const start = line.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  const word = start.lastIndexOf(' ')
  return `${word > longest / 2 ? start.slice(0, word) : start}…`
}
