import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const continueWriting: Command = {
  id: 'writing.continue',
  title: ({ conversation }) => {
    const variant = conversation.variant()
    return t(
      variant === 'base'
        ? 'conversation.continue'
        : variant === 'instruct'
          ? 'conversation.followInstruction'
          : 'conversation.send',
    )
  },
  shortcut: { key: 'Enter', mod: true },
  isEnabled: ({ conversation }) => conversation.canSend(),
  run: ({ conversation }) => void conversation.send(),
}
