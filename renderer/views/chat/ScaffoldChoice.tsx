// The form in which a base model gets the conversation, and at which words it stops for that.
import { useId } from 'react'
import { type Scaffold, scaffold as scaffoldOf } from '../../../shared/chats/types.ts'
import { t } from '../../words/words.ts'

export interface ScaffoldChoiceProps {
  readonly scaffold: Scaffold
  readonly isRunning: boolean
  readonly onChoose: (scaffold: Scaffold) => void
}

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
          const chosen = scaffoldOf.safeParse(currentTarget.value)
          if (chosen.success) onChoose(chosen.data)
        }}
      >
        <option value="plain">{t('chat.base.plain')}</option>
        <option value="dialogue">{t('chat.base.dialogue')}</option>
      </select>
      <span id={`${id}-hint`} className="scaffold-hint">
        {scaffold === 'plain' ? t('chat.base.plainHint') : t('chat.base.dialogueHint', { stops: '“User:”' })}
      </span>
    </div>
  )
}
