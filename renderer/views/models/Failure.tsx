// A failed request: what happened, what to do, the button that does it, and the machine's own words.
import { CircleAlert } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { t } from '../../words/words.ts'
import { failureText } from '../problems/problemText.ts'
import { useCatalogue } from './catalogueContext.ts'
import { HubAddress } from './HubAddress.tsx'

export interface FailureProps {
  readonly error: unknown
  /** Tries the same again; null where the button above does. */
  readonly again: (() => void) | null
}

export function Failure({ error, again }: FailureProps) {
  const { showSettings, showInstalled } = useCatalogue()
  const { title, advice, detail, step, page } = failureText(error)
  const action = (
    <span className="failure-actions">
      {step === 'settings' ? <Button label={t('problems.openSettings')} onPress={showSettings} /> : null}
      {step === 'free-space' ? <Button label={t('problems.showInstalled')} onPress={showInstalled} /> : null}
      {again === null || step === 'none' ? null : <Button label={t('problems.tryAgain')} onPress={again} />}
    </span>
  )
  return (
    <Notice kind="problem" icon={<CircleAlert />} title={title} action={action}>
      <p>{advice}</p>
      {page === null ? null : <HubAddress repository={page} />}
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}
