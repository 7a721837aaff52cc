// Says aloud, to screen readers, what changes without a key being pressed: loading, ready, writing, and the text once it is complete.
import { formatCount } from '../../../shared/units.ts'
import type { ModelsState } from '../../state/models.ts'
import type { WritingState } from '../../state/writing.ts'
import { useApp, useValue } from '../app.ts'

export function Announcer() {
  const app = useApp()
  const models = useValue(app.models, (state) => state)
  const writing = useValue(app.writing, (state) => state)
  return (
    <p className="visually-hidden" role="status">
      {announcement(models, writing)}
    </p>
  )
}

/** The one sentence that holds now. */
export function announcement({ status, selected, recovery }: ModelsState, writing: WritingState): string {
  const title = selected?.manifest.title ?? 'The model'
  switch (status.kind) {
    case 'starting':
      return 'Hearth is starting.'
    case 'loading':
      return recovery === 'reloading'
        ? 'The graphics device was lost. The model is loading again.'
        : `${title} is loading.`
    case 'failed':
      return ''
    case 'ready':
      break
    default:
      return status satisfies never
  }
  if (writing.run.kind !== 'idle') return 'Writing.'
  if (writing.last === null) return `${title} is ready.`
  const { stats, finish } = writing.last
  const ending = finish === 'stopped' ? 'Stopped after' : 'Finished after'
  return `${ending} ${formatCount(stats.completionTokens, 'token')}: ${newestText(selected?.manifest.variant, writing)}`
}

function newestText(variant: string | undefined, { document, instruct, chat }: WritingState): string {
  if (variant === 'instruct') return instruct.turns.at(-1)?.text ?? ''
  if (variant === 'chat') return chat.turns.at(-1)?.text ?? ''
  return document.written
    .filter(({ continuation }) => continuation === document.continuations)
    .map(({ start, end }) => document.text.slice(start, end))
    .join(' ')
}
