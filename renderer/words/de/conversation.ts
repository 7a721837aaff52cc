import type { conversation as english } from '../en/conversation.ts'
import type { Translated } from '../types.ts'

export const conversation: Translated<typeof english> = {
  send: 'Senden',
  followInstruction: 'Anweisung befolgen',
  continue: 'Fortsetzen',
  stop: 'Anhalten',
  cancel: 'Abbrechen',
  bringBack: 'Zurückholen',
  undoContinuation: 'Fortsetzung zurücknehmen',
  takeBack: 'Zurücknehmen',
  newChat: 'Neuer Chat',
  newTemporaryChat: 'Neuer vorübergehender Chat',
  regenerateLast: 'Letzte Antwort neu schreiben',
  continueLast: 'Letzte Antwort fortsetzen',
  offer: {
    label: 'Was stattdessen ginge',
    any: 'Stattdessen nehmen, was passt',
    shorter_one: 'Mit einem Kontext von {{count}} Token laden ({{memory}})',
    shorter_other: 'Mit einem Kontext von {{count}} Token laden ({{memory}})',
    model: '{{title}} nehmen ({{memory}})',
  },
}
