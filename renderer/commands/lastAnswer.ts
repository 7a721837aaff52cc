// What is most often done with the newest answer, without going to it.
import type { Message } from '../../shared/chats/types.ts'
import type { App } from '../state/app.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const regenerateLast: Command = {
  id: 'answer.regenerate',
  title: () => t('conversation.regenerateLast'),
  shortcut: { key: 'KeyR', alt: true },
  isEnabled: (app) => lastAnswer(app) !== null,
  run: (app) => {
    const last = lastAnswer(app)
    if (last !== null) void app.conversation.regenerate(last.id)
  },
}

export const continueLast: Command = {
  id: 'answer.continue',
  title: () => t('conversation.continueLast'),
  shortcut: { key: 'KeyG', alt: true },
  isEnabled: (app) => lastAnswer(app)?.role === 'assistant',
  run: (app) => {
    const last = lastAnswer(app)
    if (last !== null) void app.conversation.continueAnswer(last.id)
  },
}

/** null while anything is written, and where the branch does not end with what a model wrote. */
function lastAnswer({ conversation, models }: App): Message | null {
  const { path, run, document } = conversation.store.getState()
  const last = path.at(-1)
  if (
    conversation.isLocked() ||
    run.kind !== 'idle' ||
    models.getState().status.kind !== 'ready' ||
    last?.writer == null
  )
    return null
  return (last.role === 'document') === (document !== null) ? last : null
}
