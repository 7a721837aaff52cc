// What a person should know now: loading, failures with their advice, a device that came back, text the model could not hold, a chat that is not kept or only read.
import { EyeOff, Ghost, Info, Lock, RotateCcw, TriangleAlert, Wrench } from 'lucide-react'
import type { ReactNode } from 'react'
import { newTemporaryChat } from '../../commands/newChat.ts'
import { repairModel } from '../../commands/repairModel.ts'
import { retryModel } from '../../commands/retryModel.ts'
import type { Problem } from '../../inference/protocol.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { loadText } from '../loadWords.ts'
import { failureLine, problemText } from '../problems/problemText.ts'
import { Offers } from './Offers.tsx'
import { useConversation, useIsLocked } from './talk.ts'

export function Notices() {
  const app = useApp()
  const { status, recovery, repair } = useValue(app.models, (state) => state)
  const { store } = useConversation()
  const problem = useValue(store, (state) => state.problem)
  const omitted = useValue(store, (state) => state.omitted)
  const isTemporary = useValue(store, (state) => state.isTemporary)
  const isLocked = useIsLocked()
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
      {isTemporary ? <Remark icon={<EyeOff />}>{t('chat.notice.temporary')}</Remark> : null}
      {isLocked ? (
        <Notice
          kind="info"
          icon={<Lock />}
          action={<CommandButton command={newTemporaryChat} icon={<Ghost aria-hidden="true" />} />}
        >
          <p>{t('chat.notice.locked')}</p>
        </Notice>
      ) : null}
      {recovery === 'none' ? null : (
        <Remark>{t(recovery === 'reloading' ? 'chat.notice.lost' : 'chat.notice.recovered')}</Remark>
      )}
      {status.kind === 'loading' ? (
        <Progress label={loadText(status)} fraction={status.fraction > 0 ? status.fraction : null} />
      ) : null}
      {status.kind === 'failed' ? <ProblemNotice problem={status.problem} action={actions} /> : null}
      <Offers problem={status.kind === 'failed' ? status.problem : problem} />
      {repair.kind === 'none' ? null : (
        <Remark icon={<Wrench />}>
          {repair.kind === 'asked'
            ? t('chat.notice.repairAsked')
            : t('chat.notice.repairRefused', { detail: failureLine(repair.error) })}
        </Remark>
      )}
      {problem === null ? null : <ProblemNotice problem={problem} />}
      {omitted.characters > 0 ? (
        <Remark>{t('chat.notice.omittedCharacters', { count: omitted.characters })}</Remark>
      ) : null}
      {omitted.turns > 0 ? <Remark>{t('chat.notice.omittedTurns', { count: omitted.turns })}</Remark> : null}
    </div>
  )
}

function Remark({ icon = <Info />, children }: { readonly icon?: ReactNode; readonly children: string }) {
  return (
    <Notice kind="info" icon={icon}>
      <p>{children}</p>
    </Notice>
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
