// `npm run dev`: the page is loaded anew when the build has written it. Only a checkout is started with the switch.
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'

export const reloadSwitch = 'hearth-reload'

/** A build writes many files, the page's own among the last; it is over when none came for this long. */
const quietMs = 300

/** Calls `changed` after each build of the page into `folder`; the function that comes back ends that. */
export function watchPage(folder: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (existsSync(join(folder, 'index.html'))) changed()
    }, quietMs)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
