// The one screen: what the model is, the page in the manner of its variant, what can be done, how it draws, and where it runs.
import { Keyboard, SunMoon } from 'lucide-react'
import { useEffect } from 'react'
import { runShortcut } from '../../commands/index.ts'
import { showShortcuts } from '../../commands/showShortcuts.ts'
import { switchTheme } from '../../commands/switchTheme.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { ShortcutList } from '../shortcuts/ShortcutList.tsx'
import { Actions } from './Actions.tsx'
import { AdapterLine } from './AdapterLine.tsx'
import { Announcer } from './Announcer.tsx'
import { ChatTurns } from './ChatTurns.tsx'
import { DocumentEditor } from './DocumentEditor.tsx'
import { Exchange } from './Exchange.tsx'
import { FamilySelect } from './FamilySelect.tsx'
import { Introduction } from './Introduction.tsx'
import { Notices } from './Notices.tsx'
import { SamplingPanel } from './SamplingPanel.tsx'
import { VariantSwitch } from './VariantSwitch.tsx'

const surfaces = { base: DocumentEditor, instruct: Exchange, chat: ChatTurns } as const

export function Writer() {
  const app = useApp()
  const variant = useValue(app.models, ({ selected }) => selected?.manifest.variant ?? 'base')
  const theme = useValue(app.appearance, (state) => state.theme)
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  useEffect(() => {
    const stop = new AbortController()
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && runShortcut(app, event, isMac)) event.preventDefault()
    }
    window.addEventListener('keydown', onKey, { signal: stop.signal })
    return () => stop.abort()
  }, [app])
  const Surface = surfaces[variant]
  return (
    <div className="app">
      <header className="top">
        <span className="wordmark">Hearth</span>
        <div className="models">
          <FamilySelect />
          <VariantSwitch />
        </div>
        <div className="top-tools">
          <CommandButton kind="icon" command={switchTheme} icon={<SunMoon aria-hidden="true" />} />
          <CommandButton kind="icon" command={showShortcuts} icon={<Keyboard aria-hidden="true" />} />
        </div>
      </header>
      <main className="main">
        <div className="desk">
          <Introduction />
          <Notices />
          <Surface />
          <Actions />
        </div>
        <SamplingPanel />
      </main>
      <AdapterLine />
      <Announcer />
      <ShortcutList />
    </div>
  )
}
