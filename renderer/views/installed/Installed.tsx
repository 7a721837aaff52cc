// What is kept on this computer: all of it together, the folder it lies in, and each model.
import { FolderOpen } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { formatBytes, formatCount } from '../../../shared/units.ts'
import { onDisk } from '../../state/records.ts'
import { Button } from '../../ui/Button.tsx'
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
        <PageTitle>Installed models</PageTitle>
        <FolderFacts />
      </header>
      {list.kind === 'failed' ? <RequestProblem error={list.error} again={() => void records.refresh()} /> : null}
      <p className="soft" aria-live="polite">
        {removed === null
          ? formatCount(installed.length, 'model')
          : `${removed.title} is deleted; ${formatBytes(removed.freedBytes)} became free. ${formatCount(installed.length, 'model')} left.`}
      </p>
      <ul className="family-list" aria-label="Installed models">
        {onDisk(installed, known).map((item) => (
          <ModelCard key={item.model.key} item={item} />
        ))}
      </ul>
      {installed.some(({ bundled }) => !bundled) ? null : (
        <div className="empty-state">
          <p>Only the models that came with Hearth are here.</p>
          <Button
            label="Browse models"
            icon={<FolderOpen aria-hidden="true" />}
            onPress={() => app.navigation.showModels('browse')}
          />
        </div>
      )}
    </div>
  )
}
