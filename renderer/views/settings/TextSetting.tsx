// A setting that is typed: what is in use and where it comes from, the field, and main's answer when it refuses.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { SettingsField } from '../../state/settings.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { failureText } from '../problems/problemText.ts'

export interface TextSettingProps {
  readonly field: SettingsField
  readonly label: string
  readonly hint: string
  /** What is in use, and where it comes from. */
  readonly inUse: string
  /** What was set here; empty where nothing is. */
  readonly value: string
  readonly placeholder: string
  readonly unit?: string
  /** The words of the button that goes back to nothing. */
  readonly clearLabel: string
  /** Gives null where the text cannot be meant, else whether main took it. */
  readonly onSave: (text: string) => Promise<boolean> | null
  readonly onClear: () => Promise<boolean>
}

export function TextSetting(props: TextSettingProps) {
  const { field, label, hint, inUse, value, placeholder, unit, clearLabel, onSave, onClear } = props
  const { settings } = useManagement()
  const refusal = useStore(settings.store, ({ refusals }) => refusals[field])
  const isSaving = useStore(settings.store, ({ saving }) => saving.has(field))
  const [typed, setTyped] = useState<string | null>(null)
  const [isSenseless, setIsSenseless] = useState(false)
  const id = useId()
  const text = typed ?? value
  const problem = isSenseless ? t('settings.notANumber') : refusal === undefined ? null : refusalWords(refusal)
  return (
    <form
      className="setting"
      onSubmit={(event) => {
        event.preventDefault()
        const saved = text.trim() === '' ? onClear() : onSave(text.trim())
        setIsSenseless(saved === null)
        void saved?.then((isTaken) => isTaken && setTyped(null))
      }}
    >
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {hint} <span className="in-use">{t('settings.inUse', { value: inUse })}</span>
      </p>
      <div className="setting-row">
        <input
          id={id}
          className="text-field"
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          aria-describedby={`${id}-hint${problem === null ? '' : ` ${id}-problem`}`}
          aria-invalid={problem === null ? undefined : true}
          value={text}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {unit === undefined ? null : <span className="soft">{unit}</span>}
        <button type="submit" className="button button-plain" aria-disabled={isSaving ? true : undefined}>
          {t('settings.save')}
          <span className="visually-hidden"> {label}</span>
        </button>
        {value === '' ? null : (
          <Button
            label={clearLabel}
            spokenLabel={`${clearLabel}: ${label}`}
            onPress={() => {
              setTyped(null)
              setIsSenseless(false)
              void onClear()
            }}
          />
        )}
      </div>
      {problem === null ? null : (
        <p id={`${id}-problem`} className="setting-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}

/** Main's own words: it alone decides what is valid. */
export function refusalWords(error: unknown): string {
  const { title, detail } = failureText(error)
  return detail === '' ? title : detail
}
