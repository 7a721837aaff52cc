// The window: what is seen everywhere above, the areas at the side, and the area that is open. The writing desk stays where it is while another area is
// seen, so that a caret, a scrolled page and a running text are as they were.
import { Direction } from 'radix-ui'
import { type RefObject, useEffect, useRef } from 'react'
import { runShortcut } from '../../commands/index.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { ShortcutList } from '../shortcuts/ShortcutList.tsx'
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
  return (
    <Direction.Provider dir={direction}>
      <Stage key={language} />
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
        <div ref={desk} className="area" hidden={area !== 'chat'}>
          <FirstSteps />
        </div>
        {area === 'models' ? <ModelsArea /> : null}
        {area === 'settings' ? <SettingsArea /> : null}
      </div>
      <JobAnnouncer />
      <Switcher />
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
