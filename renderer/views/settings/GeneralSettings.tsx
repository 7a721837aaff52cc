// The memory that models may take, and where the keys are listed.

import { useStore } from 'zustand'
import { showShortcuts } from '../../commands/showShortcuts.ts'
import { bytesText, decimalText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { CommandButton } from '../CommandButton.tsx'
import { budgetReason } from '../hardware/hardwareWords.ts'
import { useManagement } from '../manage.ts'
import { SettingsPage } from './SettingsPage.tsx'
import { TextSetting } from './TextSetting.tsx'

export function GeneralSettings() {
  const { version } = useManagement()
  return (
    <SettingsPage title={t('settings.general.title')}>
      {({ memoryBudgetBytes }) => (
        <>
          <MemoryBudget bytes={memoryBudgetBytes} />
          <div className="setting">
            <h2 className="field-label">{t('settings.general.keys')}</h2>
            <p className="field-hint">{t('settings.general.keysHint')}</p>
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
  const usual =
    budget === null ? t('settings.general.memoryUsual') : `${bytesText(budget.memoryBytes)}, ${budgetReason(budget)}`
  return (
    <TextSetting
      field="memoryBudgetBytes"
      label={t('settings.general.memory')}
      hint={t('settings.general.memoryHint')}
      inUse={bytes === null ? usual : t('settings.setHere', { value: bytesText(bytes) })}
      value={bytes === null ? '' : String(bytes / 1e9)}
      placeholder={budget === null ? '' : decimalText(budget.memoryBytes / 1e9, 1)}
      unit="GB"
      clearLabel={t('settings.asUsual')}
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
