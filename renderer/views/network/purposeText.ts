// What a request was for, in the language in use. The ledger keeps it in English (electron/services/network/purpose.ts), also of years ago, so it is told by
// its form; what has none that is known stays as it is.
import { t } from '../../words/words.ts'

export function purposeText(purpose: string): string {
  if (purpose === 'contents of a file') return t('network.purposes.contents')
  if (purpose === 'a question to the Hub') return t('network.purposes.question')
  const [, listed] = /^list of files of (\S+)$/.exec(purpose) ?? []
  if (listed !== undefined) return t('network.purposes.list', { repository: listed })
  const [, pinned] = /^what (\S+) is$/.exec(purpose) ?? []
  if (pinned !== undefined) return t('network.purposes.revision', { repository: pinned })
  const [, text] = /^search for (.*)$/s.exec(purpose) ?? []
  if (text !== undefined) return t('network.purposes.search', { text })
  const [, file, repository] = /^(.+) of ([^\s/]+\/[^\s/]+)$/s.exec(purpose) ?? []
  return file === undefined || repository === undefined ? purpose : t('network.purposes.file', { file, repository })
}
