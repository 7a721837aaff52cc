import { t } from '../words/words.ts'
import type { Command } from './command.ts'

/** Sends what is in the composer, or has a base model continue the text. */
export const continueWriting: Command = {
  id: 'writing.continue',
  title: (app) => {
    const variant = app.conversation.variant()
    switch (variant) {
      case 'instruct':
        return t('chat.followInstruction')
      case 'chat':
        return t('chat.send')
      case 'base':
        return t('chat.continue')
      default:
        return variant satisfies never
    }
  },
  shortcut: { key: 'Enter', mod: true },
  isEnabled: ({ conversation }) => conversation.canSend(),
  run: ({ conversation }) => void conversation.send(),
}
