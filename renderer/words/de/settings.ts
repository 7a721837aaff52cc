import type { settings as english } from '../en/settings.ts'
import type { Translated } from '../types.ts'

export const settings: Translated<typeof english> = {
  appearance: 'Darstellung',
  appearanceLead: 'Wie Hearth aussieht und welche Sprache das Fenster spricht. Alles gilt sofort.',
  language: 'Sprache',
  languageHint: 'Die des Fensters. Was Modelle schreiben und was über Modelle bekannt ist, bleibt, wie es ist.',
  languageSystem: 'Wie das System',
  theme: 'Farben',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  fontSize: 'Schriftgröße',
  fontSizeHint: 'Alles im Fenster wächst mit.',
  fontSizes: { small: 'Klein', usual: 'Normal', large: 'Groß', larger: 'Größer', largest: 'Am größten' },
  direction: 'Schreibrichtung',
  directionHint:
    'Normalerweise die der Sprache. Die anderen zeigen das Fenster so, wie Sprachen dieser Richtung es sehen.',
  directions: { automatic: 'Wie die Sprache', ltr: 'Von links nach rechts', rtl: 'Von rechts nach links' },
  contrast: 'Hoher Kontrast',
  contrastHint: 'Kräftigere Linien und Farben. Verlangt das System mehr Kontrast, ist er immer an.',
  contrasts: { system: 'Wie das System', more: 'Immer' },
  backToUsual: 'Alles wie gewohnt',
}
