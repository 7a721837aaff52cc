// The token for gated and private repositories. It goes to main and never comes back: the page learns only where one comes from.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { TokenState } from '../../../shared/settings.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { refusalWords } from './TextSetting.tsx'

export function TokenSetting({ state }: { readonly state: TokenState }) {
  const { settings } = useManagement()
  const refusal = useStore(settings.store, ({ refusals }) => refusals.token)
  const [typed, setTyped] = useState('')
  const id = useId()
  const isOurs = state === 'stored' || state === 'memory'
  return (
    <form
      className="setting"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() === '') return
        void settings.setToken(typed.trim()).then((isTaken) => isTaken && setTyped(''))
      }}
    >
      <label className="field-label" htmlFor={id}>
        {t('settings.token.label')}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {t('settings.token.hint')}{' '}
        <span className="in-use">{t('settings.inUse', { value: t(`settings.token.states.${state}`) })}</span>
      </p>
      <div className="setting-row">
        <input
          id={id}
          className="text-field"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={isOurs ? t('settings.token.another') : 'hf_…'}
          aria-describedby={`${id}-hint`}
          aria-invalid={refusal === undefined ? undefined : true}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className="button button-plain" aria-disabled={typed.trim() === '' ? true : undefined}>
          {t('settings.token.save')}
        </button>
        {isOurs ? (
          <Button
            label={t('settings.token.forget')}
            spokenLabel={t('settings.token.forgetSpoken')}
            onPress={() => void settings.setToken(null)}
          />
        ) : null}
      </div>
      {refusal === undefined ? null : (
        <p className="setting-problem" role="alert">
          {refusalWords(refusal)}
        </p>
      )}
    </form>
  )
}
