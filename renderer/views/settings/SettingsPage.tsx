// A page of settings: its heading, and its fields once main has told them.
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { SettingsView } from '../../../shared/settings.ts'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { RequestProblem } from '../RequestProblem.tsx'

export interface SettingsPageProps {
  readonly title: string
  readonly lead?: string
  readonly children: (view: SettingsView) => ReactNode
}

export function SettingsPage({ title, lead, children }: SettingsPageProps) {
  const { settings } = useManagement()
  const { view, failure } = useStore(settings.store)
  return (
    <div className="browse-page settings-page">
      <header className="page-head">
        <PageTitle>{title}</PageTitle>
        {lead === undefined ? null : <p className="soft">{lead}</p>}
      </header>
      {view !== null ? (
        children(view)
      ) : failure === null ? (
        <p className="soft">{t('shell.asking')}</p>
      ) : (
        <RequestProblem error={failure} again={() => void settings.ask()} />
      )}
    </div>
  )
}
