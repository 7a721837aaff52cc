// The whole window in a page, over plain objects in place of main and of the GPU.
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { type Bridge, client, listener } from '../../renderer/ipc.ts'
import { createApp } from '../../renderer/state/app.ts'
import { createCatalogue } from '../../renderer/state/catalogue.ts'
import { windowAfter } from '../../renderer/state/chats/timer.ts'
import { createManagement } from '../../renderer/state/management.ts'
import { createTreatments, treatedCall } from '../../renderer/state/treatment.ts'
import { AppContext } from '../../renderer/views/app.ts'
import { TreatmentContext } from '../../renderer/views/chat/treatments.ts'
import { ManagementContext } from '../../renderer/views/manage.ts'
import { CatalogueContext } from '../../renderer/views/models/catalogueContext.ts'
import { Shell } from '../../renderer/views/shell/Shell.tsx'
import type { InstalledModel } from '../../shared/model.ts'
import { chatsBackend } from './chatsBackend.ts'
import { fakeBridge } from './fakeBridge.ts'
import { answered, fakeEvents, managementAnswers, nowMs, report } from './management.ts'
import { family } from './models.ts'
import { type StoryOptions, storyEngine } from './storyEngine.ts'

export interface ShellOptions {
  readonly engine?: Partial<StoryOptions>
  readonly models?: readonly InstalledModel[]
  /** In place of what tests/support/management.ts answers. */
  readonly answers?: Partial<Bridge>
}

/** Every request that reached main, with its input. */
export interface Asked {
  readonly channel: string
  readonly input: unknown
}

export function openShell({ engine: story = {}, models = family, answers = {} }: ShellOptions = {}) {
  const engine = storyEngine({ words: [',', ' there', ' was'], ...story })
  const asked: Asked[] = []
  const events = fakeEvents()
  const chats = chatsBackend()
  const bridge = fakeBridge(null, [], {
    ...managementAnswers,
    ...chats.answers,
    'models.list': () => answered(models),
    ...answers,
  })
  const ask = client(bridge)
  const treatments = createTreatments({})
  const call = treatedCall((channel, input) => {
    asked.push({ channel, input })
    return ask(channel, input)
  }, treatments)
  const copied: string[] = []
  const app = createApp({
    engine,
    call,
    listModels: () => call('models.list', undefined),
    repairModel: async () => {},
    nowMs: () => 0,
    dateMs: () => nowMs,
    after: windowAfter,
    newId: () => crypto.randomUUID(),
    drawSeed: () => 4242,
    systemIsDark: () => false,
  })
  const management = createManagement({
    call,
    listen: listener(events.bridge),
    app,
    measure: async () => {
      if (report.probe === null) throw new Error('the report has a probe')
      return report.probe
    },
    copyText: async (text) => void copied.push(text),
    version: '0.1.0',
    nowMs: () => nowMs,
  })
  /** What the catalogue would compute when the window has time. */
  const slices: (() => void)[] = []
  const catalogue = createCatalogue({
    call,
    drop: () => answered({ token: '', name: '' }),
    later: (step) => void slices.push(step),
    showDownloads: () => app.navigation.showModels('downloads'),
    showInstalled: () => app.navigation.showModels('installed'),
    showSettings: () => app.navigation.showSettings('hub'),
    openModel: () => app.navigation.show('chat'),
  })
  const view = render(
    <AppContext value={app}>
      <ManagementContext value={management}>
        <CatalogueContext value={catalogue}>
          <TreatmentContext value={{ store: treatments.store, treat: treatments.treatIn(app) }}>
            <Shell />
          </TreatmentContext>
        </CatalogueContext>
      </ManagementContext>
    </AppContext>,
  )
  return { app, management, catalogue, slices, engine, chats, asked, events, copied, user: userEvent.setup(), view }
}

/** The window once its model is ready and main has told everything. */
export async function readyShell(options: ShellOptions = {}) {
  const parts = openShell(options)
  const { signal } = new AbortController()
  await Promise.all([parts.app.start(), parts.management.start(signal)])
  await screen.findByText(/ is ready\.$/)
  return parts
}

/** Accessibility violations of what is seen. Colours are checked on the style sheet itself: jsdom computes none. */
export async function violations(): Promise<readonly string[]> {
  const { violations: found } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}
