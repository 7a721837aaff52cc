// Where models lie and what they take.
import { useEffect } from 'react'
import { Button } from '../../ui/Button.tsx'
import { useApp } from '../app.ts'
import { FolderFacts } from '../installed/FolderFacts.tsx'
import { useManagement } from '../manage.ts'
import { SettingsPage } from './SettingsPage.tsx'

export function StorageSettings() {
  const { navigation } = useApp()
  const { hardware } = useManagement()
  useEffect(() => void hardware.refresh(), [hardware])
  return (
    <SettingsPage
      title="Storage"
      lead="Models move to another folder or disk whole: each file is checked there before it is removed here."
    >
      {() => (
        <>
          <FolderFacts />
          <p className="page-tools">
            <Button label="Show installed models" onPress={() => navigation.showModels('installed')} />
          </p>
        </>
      )}
    </SettingsPage>
  )
}
