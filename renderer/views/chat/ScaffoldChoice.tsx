// The form in which a base model gets the conversation, and at which words it stops for that.
import { useId } from 'react'
import { scaffoldStops } from '../../../shared/chats/scaffold.ts'
import type { Scaffold } from '../../../shared/chats/types.ts'
import { t } from '../../words/words.ts'

export interface ScaffoldChoiceProps {
  readonly scaffold: Scaffold
  readonly isRunning: boolean
  readonly onChoose: (scaffold: Scaffold) => void
}

const forms: readonly Scaffold[] = ['plain', 'dialogue']

export function ScaffoldChoice({ scaffold, isRunning, onChoose }: ScaffoldChoiceProps) {
  const id = useId()
  return (
    <div className="scaffold">
      <label htmlFor={id}>{t('chat.base.scaffold')}</label>
      <select
        id={id}
        className="family"
        value={scaffold}
        disabled={isRunning}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => {
          const chosen = forms.find((form) => form === currentTarget.value)
          if (chosen !== undefined) onChoose(chosen)
        }}
      >
        {forms.map((form) => (
          <option key={form} value={form}>
            {t(`chat.base.${form}`)}
          </option>
        ))}
      </select>
      <span id={`${id}-hint`} className="scaffold-hint">
        {scaffold === 'plain' ? t('chat.base.plainHint') : t('chat.base.dialogueHint', { stops: stopsText(scaffold) })}
      </span>
    </div>
  )
}

/** Line breaks are not worth showing. */
function stopsText(scaffold: Scaffold): string {
  return scaffoldStops(scaffold)
    .map((stop) => `“${stop.trim()}”`)
    .join(', ')
}
