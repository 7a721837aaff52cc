// What is seen everywhere: the model in use and how it loads, what is being downloaded, offline mode, theme and keys.
import { ChevronsUpDown, CloudOff, Download, Keyboard, PanelLeft, Search, SunMoon, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import { openPalette, toggleSidebar } from '../../commands/openChatCommands.ts'
import { showShortcuts } from '../../commands/showShortcuts.ts'
import { switchModel } from '../../commands/switchModel.ts'
import { switchTheme } from '../../commands/switchTheme.ts'
import { summaryOf } from '../../state/jobs.ts'
import type { ModelStatus } from '../../state/models.ts'
import { percentText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { useShownKeys } from '../keys.ts'
import { useManagement } from '../manage.ts'

export function TopBar() {
  return (
    <header className="topbar">
      <div className="topbar-start">
        <CommandButton kind="icon" command={toggleSidebar} icon={<PanelLeft aria-hidden="true" />} />
        <span className="wordmark">Hearth</span>
      </div>
      <ModelButton />
      <div className="topbar-tools">
        <Downloads />
        <OfflineMark />
        <CommandButton kind="icon" command={openPalette} icon={<Search aria-hidden="true" />} />
        <CommandButton kind="icon" command={switchTheme} icon={<SunMoon aria-hidden="true" />} />
        <CommandButton kind="icon" command={showShortcuts} icon={<Keyboard aria-hidden="true" />} />
      </div>
    </header>
  )
}

function ModelButton() {
  const app = useApp()
  const selected = useValue(app.models, (state) => state.selected)
  const status = useValue(app.models, (state) => state.status)
  const isWriting = useValue(app.conversation.store, (state) => state.writingChatId !== null)
  // The model in use waits in memory, or outside it, while others are asked.
  const isComparing = useValue(app.compare.store, ({ run }) => run.kind === 'running' || run.kind === 'stopping')
  const shownKeys = useShownKeys()
  const title = selected?.manifest.title ?? t('shell.noModel')
  const words = isComparing ? t('compare.comparing') : isWriting ? t('shell.state.writing') : statusWords(status)
  return (
    <button
      type="button"
      className="model-button"
      aria-label={t('shell.inUse', { command: switchModel.title(app), title, state: words })}
      aria-haspopup="dialog"
      aria-keyshortcuts={shownKeys(switchModel).aria}
      onClick={() => switchModel.run(app)}
    >
      <span className="model-button-title">{title}</span>
      <span className="model-button-state">{words}</span>
      <ChevronsUpDown aria-hidden="true" />
      <span
        className="model-button-bar"
        style={{ inlineSize: status.kind === 'loading' ? `${Math.round(status.fraction * 100)}%` : 0 }}
      />
    </button>
  )
}

function statusWords(status: ModelStatus): string {
  switch (status.kind) {
    case 'starting':
      return t('shell.state.starting')
    case 'loading':
      return status.fraction > 0
        ? t('shell.state.loadingPart', { percent: percentText(status.fraction) })
        : t('shell.state.loading')
    case 'ready':
      return t('shell.state.ready')
    case 'failed':
      return t('shell.state.failed')
    default:
      return status satisfies never
  }
}

function Downloads() {
  const { navigation } = useApp()
  const { jobs } = useManagement()
  const all = useStore(jobs.store, (state) => state.jobs)
  const { open, failed, fraction } = summaryOf(all)
  if (open === 0 && failed === 0) return null
  const percent = fraction === null ? null : percentText(fraction)
  const words = [
    ...(open === 0
      ? []
      : [
          percent === null
            ? t('shell.downloads.open', { count: open })
            : t('shell.downloads.openPart', { count: open, percent }),
        ]),
    ...(failed > 0 ? [t('shell.downloads.failed', { count: failed })] : []),
  ].join(', ')
  return (
    <button
      type="button"
      className="indicator"
      aria-label={t('shell.downloads.label', { words })}
      onClick={() => navigation.showModels('downloads')}
    >
      {open > 0 ? (
        <>
          <Download aria-hidden="true" />
          <span>{percent ?? open}</span>
        </>
      ) : null}
      {failed > 0 ? (
        <>
          <TriangleAlert className="alarm" aria-hidden="true" />
          <span>{failed}</span>
        </>
      ) : null}
    </button>
  )
}

function OfflineMark() {
  const { navigation } = useApp()
  const { settings } = useManagement()
  const isOffline = useStore(settings.store, ({ view }) => view?.offline === true)
  if (!isOffline) return null
  return (
    <button
      type="button"
      className="indicator"
      aria-label={t('shell.offlineButton')}
      onClick={() => navigation.showSettings('hub')}
    >
      <CloudOff aria-hidden="true" />
      <span>{t('shell.offline')}</span>
    </button>
  )
}
