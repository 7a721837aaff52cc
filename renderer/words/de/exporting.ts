import type { exporting as english } from '../en/exporting.ts'
import type { Translated } from '../types.ts'

export const exporting: Translated<typeof english> = {
  markdown: 'Als Markdown exportieren',
  html: 'Als Webseite exportieren',
  json: 'Als JSON exportieren',
  complete: 'Als JSON mit Einstellungen und Aufzeichnungen exportieren',
  printChat: 'Diesen Chat drucken',
  print: 'Drucken',
  menu: 'Exportieren',
  you: 'Ich',
  model: 'Modell',
  text: 'Text',
  input: 'Eingabe',
  system: 'Systemprompt',
  fileName: 'Chat',
  about: 'Aus Hearth exportiert am {{time}}',
}
