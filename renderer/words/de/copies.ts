import type { copies as english } from '../en/copies.ts'
import type { Translated } from '../types.ts'

export const copies: Translated<typeof english> = {
  title: 'Chats und ihre Kopien',
  lead: 'Für jeden der letzten sieben Tage wird eine geprüfte Kopie aller Chats aufbewahrt, falls die Datei beschädigt wird. Ein gelöschter Chat lässt sich zurückholen, bis Hearth endet; beim nächsten Start wird alles Gelöschte aus der Datei und aus jeder Kopie getilgt.',
  copies: 'Kopien',
  newest: 'Neueste Kopie',
  removed: 'Noch nicht getilgt',
  none: 'nichts',
  erase: 'Gelöschte Chats jetzt endgültig tilgen',
  erasing: 'Wird getilgt …',
  erased: 'Aus der Datei und aus jeder Kopie getilgt.',
  damaged_one:
    '{{count}} beschädigte Datei liegt unverändert in Hearths Datenordner. Sie kann gelöschte Chats enthalten, und Chats, die sonst nirgends sind.',
  damaged_other:
    '{{count}} beschädigte Dateien liegen unverändert in Hearths Datenordner. Sie können gelöschte Chats enthalten, und Chats, die sonst nirgends sind.',
  eraseDamaged: 'Auch die beschädigten Dateien löschen',
  question: 'Die beschädigten Dateien löschen?',
  questionText:
    'Fehlt etwas Wichtiges in den Chats, ist es vielleicht nur noch dort. Das lässt sich nicht rückgängig machen.',
  answer: 'Löschen',
}
