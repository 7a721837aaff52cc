// What goes to the model when it does not all fit, or when the model was not made for all of it.
import { useId } from 'react'
import type { ChatSettings } from '../../../../shared/chats/types.ts'
import { t } from '../../../words/words.ts'

export interface SendingFieldsProps {
  readonly settings: ChatSettings
  /** The model was tuned on one exchange. */
  readonly isSingleTurn: boolean
  readonly onChange: (settings: Partial<ChatSettings>) => void
}

const choices = ['forget', 'stop'] as const

export function SendingFields({ settings, isSingleTurn, onChange }: SendingFieldsProps) {
  const id = useId()
  return (
    <section className="panel-section" aria-label={t('sampling.sending')}>
      <fieldset className="panel-choices">
        <legend className="field-label">{t('sampling.whenFull')}</legend>
        {choices.map((whenFull) => (
          <label key={whenFull} className="check">
            <input
              type="radio"
              name={`${id}-full`}
              checked={settings.whenFull === whenFull}
              onChange={() => onChange({ whenFull })}
            />
            {t(`sampling.${whenFull}`)}
          </label>
        ))}
      </fieldset>
      {isSingleTurn ? (
        <div className="panel-field">
          <label className="check">
            <input
              type="checkbox"
              checked={settings.sendsEarlierTurns}
              aria-describedby={`${id}-earlier`}
              onChange={(event) => onChange({ sendsEarlierTurns: event.currentTarget.checked })}
            />
            {t('sampling.earlier')}
          </label>
          <p id={`${id}-earlier`} className="field-hint">
            {t('sampling.earlierHint')}
          </p>
        </div>
      ) : null}
    </section>
  )
}
