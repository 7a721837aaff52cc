// What an import left out, of every kind, in both languages.
import { afterEach, expect, test } from 'vitest'
import { skippedText } from '../../../renderer/views/sidebar/skippedText.ts'
import { speak } from '../../../renderer/words/words.ts'
import type { Skipped } from '../../../shared/chats/types.ts'

afterEach(() => speak('en'))

const bees = { title: 'Bees $t(chat.send) {{title}}', place: 2 }
const skipped: readonly Skipped[] = [
  { kind: 'file', reason: 'newer' },
  { kind: 'more-chats', taken: 20_000, found: 31_234 },
  { kind: 'chat', chat: bees, reason: 'no-text' },
  { kind: 'chat', chat: { title: '', place: 1234 }, reason: 'no-chat' },
  { kind: 'chat', chat: { title: '', place: null }, reason: 'apart' },
  { kind: 'too-many-messages', chat: { title: '', place: 7 }, most: 20_000 },
  { kind: 'messages', chat: { title: '', place: 8 }, count: 1 },
  { kind: 'messages', chat: { title: '', place: 8 }, count: 3 },
  { kind: 'more', count: 1 },
  { kind: 'more', count: 5 },
]

test('in English', () => {
  expect(skipped.map(skippedText)).toEqual([
    'The file was made by a newer Hearth; this one cannot read it.',
    'Only the first 20,000 of 31,234 chats were taken.',
    '“Bees $t(chat.send) {{title}}” holds no text.',
    'Conversation 1,234 is no chat.',
    'A conversation without a title: its messages do not fit together.',
    'Conversation 7 has more than 20,000 messages.',
    '1 of the messages of Conversation 8 could not be read.',
    '3 of the messages of Conversation 8 could not be read.',
    'And 1 more.',
    'And 5 more.',
  ])
})

test('in German', () => {
  speak('de')
  expect(skipped.map(skippedText)).toEqual([
    'Die Datei stammt von einem neueren Hearth; dieses kann sie nicht lesen.',
    'Nur die ersten 20.000 von 31.234 Chats wurden übernommen.',
    '„Bees $t(chat.send) {{title}}“ enthält keinen Text.',
    'Unterhaltung 1.234 ist kein Chat.',
    'Eine Unterhaltung ohne Titel: Die Nachrichten passen nicht zusammen.',
    'Unterhaltung 7 hat mehr als 20.000 Nachrichten.',
    '1 Nachricht aus Unterhaltung 8 ließ sich nicht lesen.',
    '3 Nachrichten aus Unterhaltung 8 ließen sich nicht lesen.',
    'Und 1 weitere Stelle.',
    'Und 5 weitere Stellen.',
  ])
})
