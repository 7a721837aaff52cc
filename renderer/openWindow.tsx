// The window's composition: desk, management and catalogue, tied together, started once, and shown.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Startup } from '../shared/ipc.ts'
import type { Engine } from './inference/engine.ts'
import { measureAdapter } from './inference/probe/measureAdapter.ts'
import type { Call, DropBridge, Listen } from './ipc.ts'
import { keepAppearance, readAppearance } from './keptAppearance.ts'
import { keepCompareWay, readCompareWay } from './keptCompareWay.ts'
import { keepShortcuts, readShortcuts } from './keptShortcuts.ts'
import {
  isSidebarOpenAtStart,
  keepClosedGroups,
  keepSidebarOpen,
  readClosedGroups,
  readSidebarOpen,
} from './keptSidebar.ts'
import { keepTreatments, readTreatments } from './keptTreatments.ts'
import { cleanText } from './reading/cleanText.ts'
import { createApp } from './state/app.ts'
import { fontPercents } from './state/appearance.ts'
import { createCatalogue } from './state/catalogue.ts'
import { windowAfter } from './state/chats/timer.ts'
import { createManagement } from './state/management.ts'
import { createTreatments, treatedCall } from './state/treatment.ts'
import { tellLanguage } from './tellLanguage.ts'
import { AppContext } from './views/app.ts'
import { TreatmentContext } from './views/chat/treatments.ts'
import { ManagementContext } from './views/manage.ts'
import { CatalogueContext } from './views/models/catalogueContext.ts'
import { Shell } from './views/shell/Shell.tsx'
import { showCrash } from './views/showCrash.ts'

export interface WindowParts {
  readonly startup: Startup
  readonly engine: Engine
  readonly call: Call
  readonly listen: Listen
  readonly drop: DropBridge
}

export function openWindow({ startup, engine, call: ask, listen, drop }: WindowParts): void {
  const treatments = createTreatments(readTreatments(localStorage))
  treatments.store.subscribe(({ chosen }) => keepTreatments(localStorage, chosen))
  const call = treatedCall(ask, treatments)
  const app = createApp({
    engine,
    call,
    listModels: () => call('models.list', undefined),
    repairModel: (key) => call('models.repair', { key }),
    nowMs: () => performance.now(),
    dateMs: () => Date.now(),
    after: windowAfter,
    newId: () => crypto.randomUUID(),
    drawSeed: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000_000,
    systemIsDark: () => matchMedia('(prefers-color-scheme: dark)').matches,
  })
  app.appearance.setState(readAppearance(localStorage))
  app.appearance.subscribe((appearance) => keepAppearance(localStorage, appearance))
  tellLanguage({ appearance: app.appearance, preferred: navigator.languages, call })
  app.navigation.store.setState({
    sidebarOpen: isSidebarOpenAtStart(
      readSidebarOpen(localStorage),
      innerWidth,
      fontPercents[app.appearance.getState().fontSize],
    ),
    closedGroups: readClosedGroups(localStorage),
  })
  app.navigation.store.subscribe(({ sidebarOpen, closedGroups }, before) => {
    if (sidebarOpen !== before.sidebarOpen) keepSidebarOpen(localStorage, sidebarOpen)
    if (closedGroups !== before.closedGroups) keepClosedGroups(localStorage, closedGroups)
  })
  app.compare.store.setState({ wantedWay: readCompareWay(localStorage) })
  app.compare.store.subscribe(({ wantedWay }, before) => {
    if (wantedWay !== before.wantedWay) keepCompareWay(localStorage, wantedWay)
  })
  app.shortcuts.setState({ changed: readShortcuts(localStorage) })
  app.shortcuts.subscribe(({ changed }) => keepShortcuts(localStorage, changed))
  const management = createManagement({
    call,
    listen,
    app,
    measure: measureAdapter,
    // What is pasted into a terminal must not be more than was seen.
    copyText: (text) => navigator.clipboard.writeText(cleanText(text)),
    version: startup.version,
    nowMs: () => Date.now(),
  })
  const catalogue = createCatalogue({
    call,
    drop,
    later: (step) => void requestIdleCallback(step),
    showDownloads: () => app.navigation.showModels('downloads'),
    showInstalled: () => app.navigation.showModels('installed'),
    showSettings: () => app.navigation.showSettings('hub'),
    openModel: (key) => {
      const model = app.models.getState().installed.find((one) => one.key === key)
      app.navigation.show('chat')
      if (model !== undefined && app.models.getState().selected?.key !== key) void app.select(model)
    },
  })
  // What was typed a moment ago is saved also when the window closes.
  addEventListener('pagehide', () => app.conversation.close())
  const { signal } = new AbortController()
  management.feed(catalogue, signal)
  void app.start()
  void management.start(signal)
  createRoot(document.getElementById('root') ?? document.body, { onUncaughtError: showCrash }).render(
    <StrictMode>
      <AppContext value={app}>
        <ManagementContext value={management}>
          <CatalogueContext value={catalogue}>
            <TreatmentContext value={{ store: treatments.store, treat: treatments.treatIn(app) }}>
              <Shell />
            </TreatmentContext>
          </CatalogueContext>
        </ManagementContext>
      </AppContext>
    </StrictMode>,
  )
}
