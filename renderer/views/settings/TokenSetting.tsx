// The token for gated and private repositories. It goes to main and never comes back: the page learns only where one comes from.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { TokenState } from '../../../shared/settings.ts'
import { Button } from '../../ui/Button.tsx'
import { useManagement } from '../manage.ts'
import { refusalWords } from './TextSetting.tsx'

const stateWords = {
  none: 'none',
  environment: 'from HF_TOKEN in the environment',
  file: 'from the token file of the Hugging Face tools',
  stored: 'set here, encrypted by this computer',
  memory: 'set here, until Hearth is closed: this computer offers no safe place to keep it',
} as const satisfies Record<TokenState, string>

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
        Token for the Hub
      </label>
      <p id={`${id}-hint`} className="field-hint">
        Needed only for models whose publisher asks for agreement, and for private ones. A token that may read is
        enough. It is sent to the Hub above and nowhere else, and is not shown again.{' '}
        <span className="in-use">In use: {stateWords[state]}.</span>
      </p>
      <div className="setting-row">
        <input
          id={id}
          className="text-field"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={isOurs ? 'another token' : 'hf_…'}
          aria-describedby={`${id}-hint`}
          aria-invalid={refusal === undefined ? undefined : true}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className="button button-plain" aria-disabled={typed.trim() === '' ? true : undefined}>
          Save<span className="visually-hidden"> token</span>
        </button>
        {isOurs ? (
          <Button label="Forget" spokenLabel="Forget the token" onPress={() => void settings.setToken(null)} />
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
