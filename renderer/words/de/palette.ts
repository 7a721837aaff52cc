import type { palette as english } from '../en/palette.ts'
import type { Translated } from '../types.ts'

export const palette: Translated<typeof english> = {
  title: 'Suche und Befehle',
  placeholder: 'Befehle, Chats und Modelle suchen …',
  nothing: 'Nichts heißt so.',
  recent: 'Zuletzt benutzt',
  commands: 'Befehle',
  chats: 'Chats',
  messages: 'In Nachrichten',
  models: 'Modelle',
  families: 'Familien',
  use: '{{title}} benutzen',
  family: 'Familie {{name}}',
  moveTo: 'Diesen Chat nach {{folder}} verschieben',
  moveOut: 'Diesen Chat aus seinem Ordner nehmen',
  variant: 'Variante',
  area: 'Bereich',
  hint: 'wählt',
  closes: 'schließt',

  find: 'In diesem Chat suchen',
  findNext: 'Nächste Stelle',
  findPrevious: 'Vorige Stelle',
  findClose: 'Schließen',
  findCount: '{{index}} von {{count}}',
  findNone: 'nicht gefunden',
}
