// `window.hearth` as a plain object, for tests and for looking at the page without Electron.
import type { Bridge } from '../../renderer/ipc.ts'
import type { RunReport, RunRequest } from '../../shared/ipc.ts'
import { family } from './models.ts'

/** A bridge that answers like the main process; `reports` collects what `hearth run` would print. */
export function fakeBridge(run: RunRequest | null = null, reports: RunReport[] = []): Bridge {
  return {
    'app.startup': async () => ({ ok: true, value: { version: '0.1.0', platform: 'linux', run } }),
    'models.list': async () => ({ ok: true, value: family }),
    'run.report': async (report) => {
      reports.push(report)
      return { ok: true, value: null }
    },
  }
}
