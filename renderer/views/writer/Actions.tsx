// What can be done now, and how the last run went. Continue and Stop are one button in one place: the keyboard never loses it.
import { ArrowRight, Eraser, Square, Undo2 } from 'lucide-react'
import { formatCount, formatDuration, formatSpeed } from '../../../shared/units.ts'
import { clearWriting } from '../../commands/clearWriting.ts'
import { continueWriting } from '../../commands/continueWriting.ts'
import { stopWriting } from '../../commands/stopWriting.ts'
import { undoWriting } from '../../commands/undoWriting.ts'
import type { LastRun } from '../../state/writing.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'

export function Actions() {
  const app = useApp()
  const run = useValue(app.writing, (state) => state.run.kind)
  const last = useValue(app.writing, (state) => state.last)
  return (
    <div className="actions">
      {run === 'idle' ? (
        <CommandButton kind="primary" command={continueWriting} icon={<ArrowRight aria-hidden="true" />} showKeys />
      ) : (
        <CommandButton kind="primary" command={stopWriting} icon={<Square aria-hidden="true" />} showKeys />
      )}
      <CommandButton command={undoWriting} icon={<Undo2 aria-hidden="true" />} />
      <CommandButton command={clearWriting} icon={<Eraser aria-hidden="true" />} />
      <p className="figures">{run === 'idle' ? last && figures(last) : runWords[run]}</p>
    </div>
  )
}

const runWords = { reading: 'Reading …', writing: 'Writing …', stopping: 'Stopping …' } as const
const endings = { stop: 'the model ended', length: 'length reached', stopped: 'stopped' } as const

function figures({ stats, finish }: LastRun): string {
  const parts = [
    ...(stats.decodeTokensPerSecond > 0 ? [formatSpeed(stats.decodeTokensPerSecond)] : []),
    `first after ${formatDuration(stats.timeToFirstTokenMs)}`,
    `${formatCount(stats.completionTokens, 'token')}, ${endings[finish]}`,
  ]
  return parts.join(' · ')
}
