// Of a model whose declared variant and template disagree: what does not match, and how a person wants it treated.
import { CircleHelp } from 'lucide-react'
import { useId } from 'react'
import type { Variant } from '../../../shared/model.ts'
import type { Conflict, Treatment } from '../../state/treatment.ts'
import { Notice } from '../../ui/Notice.tsx'
import { t } from '../../words/words.ts'

export interface TreatAsProps {
  readonly conflict: Conflict
  readonly declared: Variant
  readonly treatment: Treatment
  readonly onTreat: (treatment: Treatment) => void
}

export function TreatAs({ conflict, declared, treatment, onTreat }: TreatAsProps) {
  const name = useId()
  return (
    <div className="notices">
      <Notice kind="info" icon={<CircleHelp />}>
        <p>
          {conflict.kind === 'base-with-template'
            ? t('chat.treat.baseWithTemplate', { template: conflict.template })
            : t('chat.treat.answersWithoutTemplate', { variant: declared })}
        </p>
        <fieldset className="treat">
          <legend>{t('chat.treat.legend')}</legend>
          {(['base', 'chat'] as const).map((one) => (
            <label key={one} className="check">
              <input type="radio" name={name} checked={treatment === one} onChange={() => onTreat(one)} />
              {t(`chat.treat.${one}`)}
            </label>
          ))}
        </fieldset>
      </Notice>
    </div>
  )
}
