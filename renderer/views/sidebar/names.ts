// What a chat is called on the screen.

import { plainLine } from '../../../shared/chats/export/plainLine.ts'
import type { ChatSummary } from '../../../shared/chats/types.ts'
import { t } from '../../words/words.ts'

export function titleOf({ title }: Pick<ChatSummary, 'title'>): string {
  return plainLine(title) || t('sidebar.untitled')
}
