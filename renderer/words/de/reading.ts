import type { reading as english } from '../en/reading.ts'
import type { Translated } from '../types.ts'

export const reading: Translated<typeof english> = {
  code: 'Code',
  codeIn: 'Code in {{language}}',
  copy: 'Kopieren',
  copied: 'Kopiert',
  notCopied: 'Nicht kopiert',
  fold: 'Code einklappen',
  unfold_one: 'Die ganze Zeile zeigen',
  unfold_other: 'Alle {{count}} Zeilen zeigen',
  more_one: 'Mehr zeigen: ein Zeichen fehlt noch',
  more_other: 'Mehr zeigen: {{count}} Zeichen fehlen noch',
  picture: 'Bild',
  done: 'Erledigt:',
  open: 'Zu tun:',
  footnote: 'Fußnote {{label}}',
  table: 'Tabelle',
}
