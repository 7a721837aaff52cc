// Builds the app when what was built is missing or older than what it is built from.
import { existsSync, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { capture, LaunchError, rootFolder, type Say } from './subprocess.ts'

const sources = ['electron', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
// The launcher is not part of the app.
const notBuilt = new Set([join(rootFolder, 'electron', 'launch')])
/** Editors save several files at once. */
const settleMs = 100
const built = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

/** Runs electron-vite when needed, saying so. Throws a LaunchError with the build's own words when it fails. */
export async function buildWhenStale(say: Say): Promise<void> {
  if (!isStale(rootFolder)) return
  say('Building the app')
  const electronVite = join(rootFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const finished = await capture(process.execPath, [electronVite, 'build'], { cwd: rootFolder })
  if (finished.code !== 0) throw new LaunchError(`the app could not be built:\n${finished.errors || finished.output}`)
}

/** Builds again whenever a source changes, one build at a time; a failed one is said and the next change tries again. Ends when disposed of. */
export function rebuildOnChange(say: Say): Disposable {
  let timer: NodeJS.Timeout | undefined
  let building: Promise<void> = Promise.resolve()
  const build = () => buildWhenStale(say).catch((error: unknown) => say(String(error)))
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      building = building.then(build)
    }, settleMs)
  }
  const watchers = sources.map((source) => watch(join(rootFolder, source), { recursive: true }, soon))
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** True when a built file is missing or any source was changed after the oldest of them. */
export function isStale(root: string): boolean {
  const outputs = built.map((file) => join(root, file))
  if (!outputs.every((file) => existsSync(file))) return true
  const oldestOutputMs = Math.min(...outputs.map((file) => statSync(file).mtimeMs))
  return sources.some((source) => newestMs(join(root, source)) > oldestOutputMs)
}

/** Time of the last change in a file or anywhere in a folder; 0 when there is none. */
function newestMs(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined || notBuilt.has(path)) return 0
  if (!status.isDirectory()) return status.mtimeMs
  // A folder's own time tells of files that were removed.
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
