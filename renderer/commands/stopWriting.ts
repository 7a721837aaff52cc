import { t } from '../words/words.ts'
import type { Command } from './command.ts'

/** Also takes back what waits for the model. */
export const stopWriting: Command = {
  id: 'writing.stop',
  title: () => t('chat.stop'),
  shortcut: { key: 'Escape' },
  isEnabled: ({ conversation }) => ['waiting', 'reading', 'writing'].includes(conversation.store.getState().run.kind),
  run: ({ conversation }) => conversation.stop(),
}
