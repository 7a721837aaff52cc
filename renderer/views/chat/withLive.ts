import type { ConversationState } from '../../state/chats/api.ts'

/** The document with the text that is being written in it. */
export function withLive(
  document: ConversationState['document'],
  live: ConversationState['live'],
): Pick<NonNullable<ConversationState['document']>, 'text' | 'written'> {
  if (document === null) return { text: '', written: [] }
  if (live === null || live.messageId !== document.messageId || live.text.length <= document.text.length)
    return document
  const continuation = Math.max(0, ...document.written.map((stretch) => stretch.continuation)) + 1
  const known = document.written.filter(({ end }) => end <= live.startsAt)
  return { text: live.text, written: [...known, { start: live.startsAt, end: live.text.length, continuation }] }
}
