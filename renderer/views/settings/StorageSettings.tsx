// Where models lie and what they take, and the copies of chats.
import { useEffect } from 'react'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp } from '../app.ts'
import { FolderFacts } from '../installed/FolderFacts.tsx'
import { useManagement } from '../manage.ts'
import { ChatCopies } from './ChatCopies.tsx'
import { SettingsPage } from './SettingsPage.tsx'

export function StorageSettings() {
  const { navigation } = useApp()
  const { hardware } = useManagement()
  useEffect(() => void hardware.refresh(), [hardware])
  return (
    <SettingsPage title={t('settings.storage.title')} lead={t('settings.storage.lead')}>
      {() => (
        <>
          <FolderFacts />
          <p className="page-tools">
            <Button label={t('settings.storage.showInstalled')} onPress={() => navigation.showModels('installed')} />
          </p>
          <ChatCopies />
        </>
      )}
    </SettingsPage>
  )
}
