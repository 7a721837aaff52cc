// The open chat as a file or on paper.
import type { App } from '../state/app.ts'
import { type ExportKind, exportKinds } from '../state/exporting.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

function hasText({ conversation }: App): boolean {
  const { chat, messages } = conversation.store.getState()
  return chat !== null && messages.size > 0
}

function exportChat(kind: ExportKind): Command {
  return {
    id: `chat.export.${kind}`,
    title: () => t(`exporting.${kind}`),
    shortcut: null,
    isEnabled: hasText,
    run: ({ conversation, exporting }) => {
      const id = conversation.store.getState().chat?.id
      if (id !== undefined) void exporting.save(id, kind)
    },
  }
}

export const exportCommands: readonly Command[] = exportKinds.map(exportChat)

export const printChat: Command = {
  id: 'chat.print',
  title: () => t('exporting.printChat'),
  shortcut: { key: 'p', mod: true },
  isEnabled: hasText,
  run: ({ conversation, exporting }) => {
    const id = conversation.store.getState().chat?.id
    if (id !== undefined) void exporting.print(id)
  },
}
