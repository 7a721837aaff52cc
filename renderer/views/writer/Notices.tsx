// What a person should know now: loading, failures with their advice, a device that came back, text the model could not hold.
import { Info, RotateCcw, TriangleAlert, Wrench } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatCount } from '../../../shared/units.ts'
import { repairModel } from '../../commands/repairModel.ts'
import { retryModel } from '../../commands/retryModel.ts'
import type { Problem } from '../../inference/protocol.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { loadText } from '../loadWords.ts'
import { problemText } from '../problems/problemText.ts'

export function Notices() {
  const app = useApp()
  const { status, recovery, repair } = useValue(app.models, (state) => state)
  const problem = useValue(app.writing, (state) => state.problem)
  const omitted = useValue(app.writing, (state) => state.omitted)
  const actions = (
    <>
      {status.kind === 'failed' && status.problem.code === 'damaged-file' ? (
        <CommandButton command={repairModel} icon={<Wrench aria-hidden="true" />} />
      ) : null}
      <CommandButton command={retryModel} icon={<RotateCcw aria-hidden="true" />} />
    </>
  )
  return (
    <div className="notices">
      {recovery === 'none' ? null : (
        <Notice kind="info" icon={<Info />}>
          <p>
            {recovery === 'reloading'
              ? 'The graphics device was lost. Your text is kept; the model is being loaded again.'
              : 'The graphics device was lost, and the model has been loaded again. Your text is as it was.'}
          </p>
        </Notice>
      )}
      {status.kind === 'loading' ? (
        <Progress label={loadText(status)} fraction={status.fraction > 0 ? status.fraction : null} />
      ) : null}
      {status.kind === 'failed' ? <ProblemNotice problem={status.problem} action={actions} /> : null}
      {repair.kind === 'none' ? null : (
        <Notice kind="info" icon={<Wrench />}>
          <p>
            {repair.kind === 'asked'
              ? 'The repair is on its way. When it is done, try again.'
              : `The model cannot be repaired: ${repair.detail}`}
          </p>
        </Notice>
      )}
      {problem === null ? null : <ProblemNotice problem={problem} />}
      {omitted.characters > 0 ? (
        <Notice kind="info" icon={<Info />}>
          <p>
            The text is longer than the model can hold. It read the end only; the first{' '}
            {formatCount(omitted.characters, 'character')} were left out.
          </p>
        </Notice>
      ) : null}
      {omitted.turns > 0 ? (
        <Notice kind="info" icon={<Info />}>
          <p>
            The conversation is longer than the model can hold. It no longer sees the first{' '}
            {formatCount(omitted.turns, 'turn')}.
          </p>
        </Notice>
      ) : null}
    </div>
  )
}

function ProblemNotice({ problem, action }: { readonly problem: Problem; readonly action?: ReactNode }) {
  const { title, advice, detail } = problemText(problem)
  return (
    <Notice kind="problem" icon={<TriangleAlert />} title={title} action={action}>
      <p>{advice}</p>
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}
