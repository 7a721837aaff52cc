import { useId } from 'react'
import { useStore } from 'zustand'
import type { SettingsField } from '../../state/settings.ts'
import { useManagement } from '../manage.ts'
import { refusalWords } from './TextSetting.tsx'

export interface SwitchSettingProps {
  readonly field: SettingsField
  readonly label: string
  readonly hint: string
  readonly isOn: boolean
  /** Why it cannot be changed here; null where it can. */
  readonly lockedBecause?: string | null
  readonly onChange: (isOn: boolean) => void
}

/** A setting that is on or off. */
export function SwitchSetting({ field, label, hint, isOn, lockedBecause = null, onChange }: SwitchSettingProps) {
  const { settings } = useManagement()
  const refusal = useStore(settings.store, ({ refusals }) => refusals[field])
  const id = useId()
  return (
    <div className="setting">
      <label className="check field-label">
        <input
          type="checkbox"
          className="switch"
          checked={isOn}
          disabled={lockedBecause !== null}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {label}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {hint} {lockedBecause}
      </p>
      {refusal === undefined ? null : (
        <p className="setting-problem" role="alert">
          {refusalWords(refusal)}
        </p>
      )}
    </div>
  )
}
