// A request that main refused: what happened, what to do, and the button that does it.
import { CircleAlert } from 'lucide-react'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { t } from '../words/words.ts'
import { useApp } from './app.ts'
import { failureText, type ProblemText } from './problems/problemText.ts'

export interface RequestProblemProps {
  readonly error: unknown
  /** Tries the same again; null where another button does. */
  readonly again?: (() => void) | null
}

export function RequestProblem({ error, again = null }: RequestProblemProps) {
  return <ProblemNotice text={failureText(error)} again={again} />
}

export interface ProblemNoticeProps {
  readonly text: ProblemText
  readonly again: (() => void) | null
}

export function ProblemNotice({ text, again }: ProblemNoticeProps) {
  const { navigation } = useApp()
  const { title, advice, detail, step } = text
  const action = (
    <span className="buttons">
      {step === 'settings' ? (
        <Button label={t('problems.openSettings')} onPress={() => navigation.showSettings('hub')} />
      ) : null}
      {step === 'free-space' ? (
        <Button label={t('problems.showInstalled')} onPress={() => navigation.showModels('installed')} />
      ) : null}
      {step === 'choose-model' ? <Button label={t('problems.switchModel')} onPress={navigation.openSwitcher} /> : null}
      {again === null || step === 'none' ? null : <Button label={t('problems.tryAgain')} onPress={again} />}
    </span>
  )
  return (
    <Notice kind="problem" icon={<CircleAlert />} title={title} action={action}>
      <p>{advice}</p>
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}
