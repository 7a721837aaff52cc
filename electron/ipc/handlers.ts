// One line per request, built from the services.
import type { AdapterProbe, HardwareReport } from '../../shared/hardware.ts'
import type { Handlers, RunReport, Startup } from '../../shared/ipc.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { SettingsChange, SettingsView } from '../../shared/settings.ts'
import { type PassedOn, passedOn, type processRequests } from '../models/contract.ts'
import type { RemoteProcess } from './remote.ts'
import { RequestError } from './serve.ts'

export interface Services {
  readonly startup: Startup
  readonly library: { list(): Promise<readonly InstalledModel[]> }
  /** Passes a report of `hearth run` on; `null` in an ordinary window. */
  readonly report: ((report: RunReport) => void) | null
  readonly models: Pick<RemoteProcess<typeof processRequests>, 'call'>
  readonly settings: {
    read(): Promise<SettingsView>
    write(change: SettingsChange): Promise<SettingsView>
    setToken(token: string | null): Promise<SettingsView>
  }
  readonly hardware: { read(): Promise<HardwareReport>; keep(probe: AdapterProbe): Promise<void> }
  readonly files: {
    /** Asks the person; null where they chose none. */
    chooseFolder(title: string): Promise<string | null>
    reveal(path: string): void
  }
}

export function createHandlers({ startup, library, report, models, settings, hardware, files }: Services): Handlers {
  return {
    ...forwarding(models),
    'app.startup': async () => startup,
    'models.list': () => library.list(),
    'run.report': async (message) => {
      if (report === null) throw new RequestError({ code: 'not-allowed', message: 'this window runs no command' })
      report(message)
      return null
    },
    'models.reveal': async ({ key }, signal) => {
      const path = await models.call('process.locate', { key }, signal)
      if (path === null) throw new RequestError({ code: 'invalid-input', message: 'no such model' })
      files.reveal(path)
      return null
    },
    'models.moveFolder': async (_nothing, signal) => {
      const path = await files.chooseFolder('Where models should be kept')
      return path === null ? null : await models.call('process.moveFolder', { path }, signal)
    },
    'local.choose': async (_nothing, signal) => {
      const path = await files.chooseFolder('A folder with a model')
      return path === null ? null : await models.call('process.folder', { path }, signal)
    },
    'local.dropped': (path, signal) => models.call('process.folder', { path }, signal),
    'hardware.read': () => hardware.read(),
    'hardware.probed': async (probe) => {
      await hardware.keep(probe)
      return null
    },
    'settings.read': () => settings.read(),
    'settings.write': (change) => settings.write(change),
    'settings.token': ({ token }) => settings.setToken(token),
  }
}

/** The window's requests that the models process answers. */
function forwarding(models: Services['models']): Pick<Handlers, PassedOn> {
  const forward = (channel: PassedOn) => (input: never, signal: AbortSignal) => models.call(channel, input, signal)
  return Object.fromEntries(passedOn.map((channel) => [channel, forward(channel)])) as unknown as Pick<
    Handlers,
    PassedOn
  >
}
