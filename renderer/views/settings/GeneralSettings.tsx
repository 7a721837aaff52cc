// The memory that models may take, and where the keys are listed.

import { useStore } from 'zustand'
import { formatBytes } from '../../../shared/units.ts'
import { showShortcuts } from '../../commands/showShortcuts.ts'
import { CommandButton } from '../CommandButton.tsx'
import { useManagement } from '../manage.ts'
import { SettingsPage } from './SettingsPage.tsx'
import { TextSetting } from './TextSetting.tsx'

export function GeneralSettings() {
  const { version } = useManagement()
  return (
    <SettingsPage title="General">
      {({ memoryBudgetBytes }) => (
        <>
          <MemoryBudget bytes={memoryBudgetBytes} />
          <div className="setting">
            <h2 className="field-label">Keys</h2>
            <p className="field-hint">Everything can be done with the keyboard.</p>
            <p className="page-tools">
              <CommandButton command={showShortcuts} showKeys />
            </p>
          </div>
          <p className="soft">Hearth {version}</p>
        </>
      )}
    </SettingsPage>
  )
}

function MemoryBudget({ bytes }: { readonly bytes: number | null }) {
  const { settings, hardware } = useManagement()
  const budget = useStore(hardware.store, ({ report }) => report?.budget ?? null)
  const usual = budget === null ? 'what this computer allows' : `${formatBytes(budget.memoryBytes)}, ${budget.reason}`
  return (
    <TextSetting
      field="memoryBudgetBytes"
      label="Memory for models"
      hint="What loaded models may take together. Models that were used stay loaded within it, so that switching back takes no time."
      inUse={bytes === null ? usual : `${formatBytes(bytes)}, set here`}
      value={bytes === null ? '' : String(bytes / 1e9)}
      placeholder={budget === null ? '' : (budget.memoryBytes / 1e9).toFixed(1)}
      unit="GB"
      clearLabel="As usual"
      onSave={(text) => {
        const gigabytes = numberOf(text)
        return gigabytes === null ? null : settings.write('memoryBudgetBytes', Math.round(gigabytes * 1e9))
      }}
      onClear={() => settings.write('memoryBudgetBytes', null)}
    />
  )
}

/** A number not below 0, with point or comma; null for anything else. */
export function numberOf(text: string): number | null {
  const value = Number(text.replace(',', '.'))
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null
}
