// The window: what is seen everywhere above, the areas at the side, and the area that is open. The writing desk stays where it is while another area is
// seen, so that a caret, a scrolled page and a running text are as they were.
import { Direction } from 'radix-ui'
import { type RefObject, useEffect, useRef } from 'react'
import { runShortcut } from '../../commands/index.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { Announcer } from '../chat/Announcer.tsx'
import { Talk } from '../chat/Talk.tsx'
import { FindLine } from '../find/FindLine.tsx'
import { ChangedKeysContext } from '../keys.ts'
import { Palette } from '../palette/Palette.tsx'
import { ChatPanel } from '../panels/ChatPanel.tsx'
import { ShortcutList } from '../shortcuts/ShortcutList.tsx'
import { PrintView } from '../sidebar/PrintView.tsx'
import { Sidebar } from '../sidebar/Sidebar.tsx'
import { Switcher } from '../switcher/Switcher.tsx'
import { AreaNav } from './AreaNav.tsx'
import { Banners } from './Banners.tsx'
import { FirstSteps } from './FirstSteps.tsx'
import { JobAnnouncer } from './JobAnnouncer.tsx'
import { ModelsArea } from './ModelsArea.tsx'
import { SettingsArea } from './SettingsArea.tsx'
import { TopBar } from './TopBar.tsx'
import { useAppearance } from './useAppearance.ts'

/** In another language everything is made anew: sentences are asked for while rendering. */
export function Shell() {
  const { language, direction } = useAppearance()
  const changedKeys = useValue(useApp().shortcuts, (state) => state.changed)
  return (
    <Direction.Provider dir={direction}>
      <ChangedKeysContext value={changedKeys}>
        <Stage key={language} />
      </ChangedKeysContext>
    </Direction.Provider>
  )
}

function Stage() {
  const app = useApp()
  const area = useValue(app.navigation.store, (state) => state.area)
  const desk = useRef<HTMLDivElement>(null)
  useKeptFocus(desk, area === 'chat')
  useEffect(() => {
    const stop = new AbortController()
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && runShortcut(app, event, isMac)) event.preventDefault()
    }
    window.addEventListener('keydown', onKey, { signal: stop.signal })
    return () => stop.abort()
  }, [app])
  return (
    <div className="shell">
      <TopBar />
      <AreaNav />
      <div className="stage">
        <Banners />
        <div className="with-sidebar" hidden={area !== 'chat'}>
          <Sidebar />
          <div ref={desk} className="area">
            <FindLine />
            <Talk />
            <FirstSteps />
          </div>
          <ChatPanel />
        </div>
        {area === 'models' ? <ModelsArea /> : null}
        {area === 'settings' ? <SettingsArea /> : null}
      </div>
      <Announcer />
      <JobAnnouncer />
      <Switcher />
      <Palette />
      <PrintView />
      <ShortcutList />
    </div>
  )
}

/** Gives the focus back to what had it when the area was left. */
function useKeptFocus(area: RefObject<HTMLElement | null>, isSeen: boolean): void {
  const last = useRef<HTMLElement | null>(null)
  useEffect(() => {
    if (!isSeen) return
    last.current?.focus()
    const stop = new AbortController()
    const note = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last.current = target
    }
    area.current?.addEventListener('focusin', note, { signal: stop.signal })
    return () => stop.abort()
  }, [area, isSeen])
}
