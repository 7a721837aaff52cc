// Beside the conversation: the panel that is open, if one is, with its name and the button that closes it.
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { ChatPanel as PanelName } from '../../state/navigation.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { ComparePanel } from './compare/ComparePanel.tsx'
import { SamplingPanel } from './sampling/SamplingPanel.tsx'
import { TokensPanel } from './tokens/TokensPanel.tsx'

export function ChatPanel() {
  const app = useApp()
  const panel = useValue(app.navigation.store, (state) => state.panel)
  if (panel === null) return null
  return (
    <PanelFrame key={panel} panel={panel} onClose={app.navigation.closePanel}>
      <Content panel={panel} />
    </PanelFrame>
  )
}

function Content({ panel }: { readonly panel: PanelName }) {
  const { conversation, chats, compare, models, navigation, inspectRecord } = useApp()
  const { copyText, openLink } = useManagement()
  const model = useValue(models, (state) => state.selected)
  const isReady = useValue(models, (state) => state.status.kind === 'ready')
  const inspectedId = useValue(navigation.store, (state) => state.inspectedId)
  switch (panel) {
    case 'sampling':
      return <SamplingPanel conversation={conversation} chats={chats} model={model} />
    case 'tokens':
      return (
        <TokensPanel
          conversation={conversation}
          inspectedId={inspectedId}
          modelKey={isReady ? (model?.key ?? null) : null}
          onInspect={navigation.inspect}
          inspectRecord={inspectRecord}
          copyText={copyText}
        />
      )
    case 'compare':
      return <ComparePanel compare={compare} models={models} conversation={conversation} onLink={openLink} />
    default:
      return panel satisfies never
  }
}

export interface PanelFrameProps {
  readonly panel: PanelName
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Who opens a panel is led into it, and back when it closes. */
export function PanelFrame({ panel, onClose, children }: PanelFrameProps) {
  const title = t(`${panel}.title`)
  const frame = useRef<HTMLElement>(null)
  useEffect(() => {
    const { activeElement: before } = document
    const panelElement = frame.current
    panelElement?.querySelector('h2')?.focus()
    return () => {
      const isWithin =
        document.activeElement === document.body || panelElement?.contains(document.activeElement) === true
      if (isWithin && before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <aside ref={frame} className={`side-panel side-panel-${panel}`} aria-label={title}>
      <header className="side-panel-head">
        <h2 className="panel-title" tabIndex={-1}>
          {title}
        </h2>
        <Button kind="icon" label={t('sampling.close')} icon={<X aria-hidden="true" />} onPress={onClose} />
      </header>
      <div className="side-panel-body">{children}</div>
    </aside>
  )
}
