// One line per request, built from the services.
import type { Handlers, RunReport, Startup } from '../../shared/ipc.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { RequestError } from './serve.ts'

export interface Services {
  readonly startup: Startup
  readonly library: { list(): Promise<readonly InstalledModel[]> }
  /** Passes a report of `hearth run` on; `null` in an ordinary window. */
  readonly report: ((report: RunReport) => void) | null
}

export function createHandlers({ startup, library, report }: Services): Handlers {
  return {
    'app.startup': async () => startup,
    'models.list': () => library.list(),
    'run.report': async (message) => {
      if (report === null) throw new RequestError('not-allowed', 'this window runs no command')
      report(message)
      return null
    },
  }
}
