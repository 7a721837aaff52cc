import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const stopWriting: Command = {
  id: 'writing.stop',
  title: ({ conversation }) =>
    t(conversation.store.getState().run.kind === 'waiting' ? 'conversation.cancel' : 'conversation.stop'),
  shortcut: { key: 'Escape' },
  isEnabled: ({ conversation }) => ['waiting', 'reading', 'writing'].includes(conversation.store.getState().run.kind),
  run: ({ conversation }) => conversation.stop(),
}
