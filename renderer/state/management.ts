// Everything around the writing desk that main looks after: jobs, models on the disk, hardware, settings, ledger; composed, started once, and tied to the
// desk and to the catalogue.
import type { AdapterProbe } from '../../shared/hardware.ts'
import type { Call, Listen } from '../ipc.ts'
import type { App } from './app.ts'
import type { Catalogue } from './catalogue.ts'
import { createHardware } from './hardware.ts'
import { createJobs } from './jobs.ts'
import { machineNow } from './machine.ts'
import { createNetwork } from './network.ts'
import { createRecords } from './records.ts'
import { createSettings } from './settings.ts'

export interface ManagementParts {
  readonly call: Call
  readonly listen: Listen
  readonly app: App
  /** Measures the adapter; see renderer/inference/probe. */
  readonly measure: (signal: AbortSignal) => Promise<AdapterProbe>
  readonly copyText: (text: string) => Promise<void>
  /** Of Hearth. */
  readonly version: string
  readonly nowMs: () => number
}

export type Management = ReturnType<typeof createManagement>

export function createManagement({ call, listen, app, measure, copyText, version, nowMs }: ManagementParts) {
  const jobs = createJobs({ call, listen })
  const records = createRecords({ call, listen, adopt: app.adopt })
  const hardware = createHardware({ call, measure })
  const settings = createSettings({ call, listen })
  const network = createNetwork({ call })

  function adapterIsFree(): boolean {
    const { status } = app.models.getState()
    return (
      (status.kind === 'ready' || status.kind === 'failed') && app.conversation.store.getState().writingChatId === null
    )
  }

  /** Asks for every state and follows the events until the signal is aborted. */
  async function start(signal: AbortSignal): Promise<void> {
    const tell = () => hardware.adapterIsFree(adapterIsFree())
    const ends = [
      app.models.subscribe(tell),
      app.conversation.store.subscribe(({ writingChatId }, before) => {
        if (writingChatId !== before.writingChatId) tell()
      }),
    ]
    endWith(signal, ends)
    await Promise.all([jobs.start(signal), records.start(signal), hardware.start(), settings.start(signal)])
    tell()
  }

  /** This machine as the arithmetic of fit sees it; null before the report is there. */
  function machine() {
    return machineNow({
      hardware: hardware.store.getState().report,
      installed: app.models.getState().installed,
      records: records.store.getState().records,
      settings: settings.store.getState().view,
    })
  }

  /** Keeps the catalogue's view of the rest of the app up to date until the signal is aborted. */
  function feed({ surroundings }: Pick<Catalogue, 'surroundings'>, signal: AbortSignal): void {
    const pass = () => {
      const view = settings.store.getState().view
      surroundings.setState({
        machine: machine(),
        freeBytes: hardware.store.getState().report?.disk.freeBytes ?? null,
        installed: app.models.getState().installed,
        records: records.store.getState().records,
        keepCheckpoints: view?.keepCheckpoints ?? false,
        isOffline: view?.offline ?? false,
      })
    }
    const passJobs = () => surroundings.setState({ jobs: jobs.store.getState().jobs })
    const ends = [
      app.models.subscribe(({ installed }, before) => {
        if (installed !== before.installed) pass()
      }),
      records.store.subscribe(pass),
      hardware.store.subscribe(pass),
      settings.store.subscribe(pass),
      jobs.store.subscribe(passJobs),
    ]
    endWith(signal, ends)
    pass()
    passJobs()
  }

  /** In the browser, where main lets it through. */
  function openLink(address: string): void {
    void call('links.open', { address }).catch(() => {})
  }

  return { app, openLink, jobs, records, hardware, settings, network, copyText, version, nowMs, start, machine, feed }
}

/** Calls each function once the signal is aborted. */
function endWith(signal: AbortSignal, ends: readonly (() => void)[]): void {
  for (const end of ends) signal.addEventListener('abort', end, { once: true })
}
