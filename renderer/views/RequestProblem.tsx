// A request that main refused: what happened, what to do, and the button that does it.
import { CircleAlert } from 'lucide-react'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useApp } from './app.ts'
import { failureText, type ServiceProblemText } from './serviceProblemText.ts'

export interface RequestProblemProps {
  readonly error: unknown
  /** Tries the same again; null where another button does. */
  readonly again?: (() => void) | null
}

export function RequestProblem({ error, again = null }: RequestProblemProps) {
  return <ServiceProblemNotice text={failureText(error)} again={again} />
}

export interface ServiceProblemNoticeProps {
  readonly text: ServiceProblemText
  readonly again: (() => void) | null
}

export function ServiceProblemNotice({ text, again }: ServiceProblemNoticeProps) {
  const { navigation } = useApp()
  const { title, advice, detail, step } = text
  const action = (
    <span className="buttons">
      {step === 'settings' ? <Button label="Open settings" onPress={() => navigation.showSettings('hub')} /> : null}
      {step === 'free-space' ? (
        <Button label="Show installed models" onPress={() => navigation.showModels('installed')} />
      ) : null}
      {again === null || step === 'none' ? null : <Button label="Try again" onPress={again} />}
    </span>
  )
  return (
    <Notice kind="problem" icon={<CircleAlert />} title={title} action={action}>
      <p>{advice}</p>
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}
