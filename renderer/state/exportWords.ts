// The words of exported files, in the language of the window.
import type { ExportWords } from '../../shared/chats/export/markdown.ts'
import { spokenLanguage, t } from '../words/words.ts'

export function exportWords(): ExportWords {
  const time = new Date().toLocaleString(spokenLanguage(), { dateStyle: 'long', timeStyle: 'short' })
  return {
    you: t('exporting.you'),
    model: t('exporting.model'),
    text: t('exporting.text'),
    input: t('exporting.input'),
    system: t('exporting.system'),
    untitled: t('exporting.fileName'),
    about: t('exporting.about', { time }),
  }
}
