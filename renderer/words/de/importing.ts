import type { importing as english } from '../en/importing.ts'
import type { Translated } from '../types.ts'

export const importing: Translated<typeof english> = {
  titled: '„{{title}}“',
  placed: 'Unterhaltung {{place}}',
  nameless: 'Eine Unterhaltung ohne Titel',
  file: {
    'too-large': 'Die Datei ist zu groß.',
    'not-json': 'Die Datei ist kein JSON oder abgeschnitten.',
    'without-version': 'Die Datei sagt nicht, welche Version des Formats sie hat.',
    newer: 'Die Datei stammt von einem neueren Hearth; dieses kann sie nicht lesen.',
    'without-list': 'Die Datei enthält keine Liste von Chats.',
    empty: 'Die Datei enthält keine Chats.',
    'not-known': 'Die Datei ist weder conversations.json von ChatGPT noch eine Datei mit Chats von Hearth.',
  },
  moreChats: 'Nur die ersten {{taken}} von {{found}} Chats wurden übernommen.',
  chat: {
    'no-chat': '{{chat}} ist kein Chat.',
    'no-text': '{{chat}} enthält keinen Text.',
    'not-readable': '{{chat}} enthält keine lesbare Nachricht.',
    apart: '{{chat}}: Die Nachrichten passen nicht zusammen.',
  },
  tooManyMessages: '{{chat}} hat mehr als {{most}} Nachrichten.',
  messages_one: '{{count}} Nachricht aus {{chat}} ließ sich nicht lesen.',
  messages_other: '{{count}} Nachrichten aus {{chat}} ließen sich nicht lesen.',
  more_one: 'Und {{count}} weitere Stelle.',
  more_other: 'Und {{count}} weitere Stellen.',
}
