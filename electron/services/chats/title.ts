// A chat is called what a person named it, or after its first message.
import { longestTitle, titleOf as titleOfText } from '../../../shared/chats/title.ts'

/** Needs a row of `chat`. Its first character says whose words they are. */
export const titleColumn = `iif(chat.title <> '', 'n' || chat.title, 'm' || coalesce((
    SELECT substr(first.text, 1, 2000) FROM message AS first
    WHERE first.chat_id = chat.id AND first.text <> '' ORDER BY first.number LIMIT 1), ''))` as const

/** Of that column: one line, not long, no half character. */
export function titleOf(value: unknown): string {
  const [kind, words] = [String(value).slice(0, 1), String(value).slice(1)]
  if (kind === 'm') return titleOfText(words)
  const line = words.replaceAll(/[\s\0]+/gu, ' ').trim()
  return line.length <= longestTitle ? line : `${line.slice(0, longestTitle).replace(/[\ud800-\udbff]$/, '')} …`
}
