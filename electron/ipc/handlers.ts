// One line per request, built from the services.
import type { AdapterProbe, HardwareReport } from '../../shared/hardware.ts'
import type { Channel, Handlers, Input, RunReport, Startup } from '../../shared/ipc.ts'
import type { Language } from '../../shared/language.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { SettingsChange, SettingsView } from '../../shared/settings.ts'
import * as chatsProcess from '../chats/contract.ts'
import * as modelsProcess from '../models/contract.ts'
import type { RemoteProcess } from './remote.ts'
import { RequestError } from './serve.ts'

export interface Services {
  readonly startup: Startup
  readonly library: { list(): Promise<readonly InstalledModel[]> }
  /** Passes a report of `hearth run` on; `null` in an ordinary window. */
  readonly report: ((report: RunReport) => void) | null
  readonly models: Pick<RemoteProcess<typeof modelsProcess.processRequests>, 'call'>
  readonly chats: Pick<RemoteProcess<typeof chatsProcess.processRequests>, 'call'>
  readonly settings: {
    read(): Promise<SettingsView>
    write(change: SettingsChange): Promise<SettingsView>
    setToken(token: string | null): Promise<SettingsView>
  }
  readonly hardware: { read(): Promise<HardwareReport>; keep(probe: AdapterProbe): Promise<void> }
  readonly files: {
    /** Asks the person; null where they chose none. */
    chooseFolder(purpose: 'modelsFolder' | 'modelFolder'): Promise<string | null>
    /** Asks the person; null where they chose none. */
    chooseChats(): Promise<string | null>
    /** Asks the person where; false where they did not say. */
    save(file: Input<'files.save'>): Promise<boolean>
    reveal(path: string): void
  }
  readonly page: {
    /** From now on, in menus and dialogs. */
    speak(language: Language): void
    print(): Promise<void>
    /** In the browser; false where it is no address for that, or the person did not want it. */
    openLink(address: string): Promise<boolean>
  }
}

export function createHandlers(services: Services): Handlers {
  const { startup, library, report, models, chats, settings, hardware, files, page } = services
  return {
    ...forwarding<modelsProcess.PassedOn>(modelsProcess.passedOn, models.call),
    ...forwarding<chatsProcess.PassedOn>(chatsProcess.passedOn, chats.call),
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
      const path = await files.chooseFolder('modelsFolder')
      return path === null ? null : await models.call('process.moveFolder', { path }, signal)
    },
    'local.choose': async (_nothing, signal) => {
      const path = await files.chooseFolder('modelFolder')
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
    'chats.import': async (_nothing, signal) => {
      const path = await files.chooseChats()
      return path === null ? null : await chats.call('process.import', { path }, signal)
    },
    'files.save': (file) => files.save(file),
    'page.language': async ({ language }) => {
      page.speak(language)
      return null
    },
    'page.print': async () => {
      await page.print()
      return null
    },
    'links.open': ({ address }) => page.openLink(address),
  }
}

/** The window's requests that another process answers. */
function forwarding<C extends Channel>(
  channels: readonly C[],
  call: (channel: C, input: never, signal: AbortSignal) => Promise<unknown>,
): Pick<Handlers, C> {
  const forward = (channel: C) => (input: never, signal: AbortSignal) => call(channel, input, signal)
  return Object.fromEntries(channels.map((channel) => [channel, forward(channel)])) as unknown as Pick<Handlers, C>
}
