// Beside the conversation: the panel that is open, if one is, with its name and the button that closes it.
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ChatPanel as PanelName } from '../../state/navigation.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { SamplingPanel } from './sampling/SamplingPanel.tsx'

export function ChatPanel() {
  const app = useApp()
  const panel = useValue(app.navigation.store, (state) => state.panel)
  const model = useValue(app.models, (state) => state.selected)
  const { conversation, chats } = app
  switch (panel) {
    case null:
      return null
    case 'sampling':
      return (
        <PanelFrame panel={panel} onClose={app.navigation.closePanel}>
          <SamplingPanel conversation={conversation} chats={chats} model={model} />
        </PanelFrame>
      )
    case 'tokens':
    case 'compare':
      return null
    default:
      return panel satisfies never
  }
}

export interface PanelFrameProps {
  readonly panel: PanelName
  readonly onClose: () => void
  readonly children: ReactNode
}

export function PanelFrame({ panel, onClose, children }: PanelFrameProps) {
  const title = t(`${panel}.title`)
  return (
    <aside className={`side-panel side-panel-${panel}`} aria-label={title}>
      <header className="side-panel-head">
        <h2 className="panel-title">{title}</h2>
        <Button kind="icon" label={t('sampling.close')} icon={<X aria-hidden="true" />} onPress={onClose} />
      </header>
      <div className="side-panel-body">{children}</div>
    </aside>
  )
}
