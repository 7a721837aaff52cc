// `window.hearth` as a plain object, for tests and for looking at the page without Electron.
import type { Bridge } from '../../renderer/ipc.ts'
import { type Channel, type RunReport, type RunRequest, requests } from '../../shared/ipc.ts'
import { family } from './models.ts'

/** A bridge that answers like the main process; `reports` collects what `hearth run` would print. `answers` replaces or adds. */
export function fakeBridge(
  run: RunRequest | null = null,
  reports: RunReport[] = [],
  answers: Partial<Bridge> = {},
): Bridge {
  const nobody = (channel: string) => async () => ({
    ok: false as const,
    error: { code: 'internal' as const, message: `${channel} is not answered by this test` },
  })
  const unanswered = Object.fromEntries(
    (Object.keys(requests) as Channel[]).map((channel) => [channel, nobody(channel)]),
  ) as unknown as Bridge
  return {
    ...unanswered,
    'app.startup': async () => ({ ok: true, value: { version: '0.1.0', platform: 'linux', run } }),
    'models.list': async () => ({ ok: true, value: family }),
    'run.report': async (report) => {
      reports.push(report)
      return { ok: true, value: null }
    },
    ...answers,
  }
}
