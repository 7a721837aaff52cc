import type { commands as english } from '../en/commands.ts'
import type { Translated } from '../types.ts'

export const commands: Translated<typeof english> = {
  larger: 'Text vergrößern',
  smaller: 'Text verkleinern',
  theme: 'Farben: {{theme}}',
  language: 'Sprache: {{language}}',
  contrast: 'Hohen Kontrast an- oder ausschalten',
  usualSize: 'Normale Textgröße',
}
