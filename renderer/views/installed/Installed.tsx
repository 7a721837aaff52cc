// What is kept on this computer: all of it together, the folder it lies in, and each model.
import { FolderOpen } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { onDisk } from '../../state/records.ts'
import { Button } from '../../ui/Button.tsx'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { RequestProblem } from '../RequestProblem.tsx'
import { FolderFacts } from './FolderFacts.tsx'
import { ModelCard } from './ModelCard.tsx'

export function Installed() {
  const app = useApp()
  const { records, hardware } = useManagement()
  const installed = useValue(app.models, (state) => state.installed)
  const { records: known, list, removed } = useStore(records.store)
  useEffect(() => void hardware.refresh(), [hardware])
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>{t('installed.title')}</PageTitle>
        <FolderFacts />
      </header>
      {list.kind === 'failed' ? <RequestProblem error={list.error} again={() => void records.refresh()} /> : null}
      <p className="soft" aria-live="polite">
        {removed === null
          ? t('units.models', { count: installed.length })
          : t('installed.removed', {
              title: removed.title,
              freed: bytesText(removed.freedBytes),
              models: t('units.models', { count: installed.length }),
            })}
      </p>
      <ul className="family-list" aria-label={t('installed.title')}>
        {onDisk(installed, known).map((item) => (
          <ModelCard key={item.model.key} item={item} />
        ))}
      </ul>
      {installed.some(({ bundled }) => !bundled) ? null : (
        <div className="empty-state">
          <p>{t('installed.onlyBundled')}</p>
          <Button
            label={t('installed.browse')}
            icon={<FolderOpen aria-hidden="true" />}
            onPress={() => app.navigation.showModels('browse')}
          />
        </div>
      )}
    </div>
  )
}
