// What an import left out, each part in a sentence.
import type { NamedInFile, Skipped } from '../../../shared/chats/types.ts'
import { numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export function skippedText(skipped: Skipped): string {
  switch (skipped.kind) {
    case 'file':
      return t(`importing.file.${skipped.reason}`)
    case 'more-chats':
      return t('importing.moreChats', { taken: numberText(skipped.taken), found: numberText(skipped.found) })
    case 'chat':
      return t(`importing.chat.${skipped.reason}`, { chat: nameOf(skipped.chat) })
    case 'too-many-messages':
      return t('importing.tooManyMessages', { chat: nameOf(skipped.chat), most: numberText(skipped.most) })
    case 'messages':
      return t('importing.messages', { chat: nameOf(skipped.chat), count: skipped.count })
    case 'more':
      return t('importing.more', { count: skipped.count })
    default:
      return skipped satisfies never
  }
}

function nameOf({ title, place }: NamedInFile): string {
  if (title !== '') return t('importing.titled', { title })
  return place === null ? t('importing.nameless') : t('importing.placed', { place: numberText(place) })
}
