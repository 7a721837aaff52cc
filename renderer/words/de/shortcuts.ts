import type { shortcuts as english } from '../en/shortcuts.ts'
import type { Translated } from '../types.ts'

export const shortcuts: Translated<typeof english> = {
  title: 'Tastenkürzel',
  close: 'Schließen',
  change: 'Tasten ändern',
  groups: {
    desk: 'Im Chat',
    window: 'Überall',
    messages: 'An einer Nachricht',
    jobs: 'In der Liste der Downloads',
    installed: 'In der Liste der installierten Modelle',
  },
  send: 'Eine Chatnachricht senden',
  newLine: 'Neue Zeile in einer Nachricht',
  lead: 'Alles lässt sich mit der Tastatur tun. Einen Befehl wählen und die Tasten drücken, die er haben soll.',
  press: 'Die neuen Tasten drücken; Esc lässt es, wie es ist',
  record: 'Ändern',
  recordSpoken: 'Ändern: Tasten für {{title}}',
  none: 'keine Taste',
  remove: 'Keine Taste',
  removeSpoken: 'Keine Taste für {{title}}',
  reset: 'Wie gewohnt',
  resetSpoken: 'Wie gewohnt: Tasten für {{title}}',
  resetAll: 'Alle wie gewohnt',
  changed: 'geändert',
  nowHas: '{{title}}: jetzt {{keys}}.',
  reservedText: '{{keys}} wird zum Schreiben und Bewegen gebraucht.',
  reservedSystem: '{{keys}} gehört dem System oder jedem Textfeld.',
  taken: '{{keys}} gehört zu „{{title}}“.',
  swap: 'Beide tauschen',
  keep: 'So lassen',
}
