// The main process, composition only: paths and switches before Chromium starts, then protocols, requests and the window.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, ipcMain, Menu, protocol, session } from 'electron'
import type { RunReport, RunRequest } from '../shared/ipc.ts'
import { createHandlers } from './ipc/handlers.ts'
import { windowPort } from './ipc/port.ts'
import { serve } from './ipc/serve.ts'
import { menuTemplate } from './menu.ts'
import { answerApp, answerModel, listAppFiles, schemes } from './protocol.ts'
import { type Mode, modeOf, startReporting } from './runMode.ts'
import { lockContents, lockSession } from './security.ts'
import { createModelLibrary } from './services/library.ts'
import { hearthPaths } from './services/paths.ts'
import { openSettings } from './services/settings.ts'
import { switchesFor } from './switches.ts'
import { openHiddenWindow, openWindow } from './windows.ts'

const mode = modeOf(process.argv)
const development = !app.isPackaged
const paths = hearthPaths(process.env)
const bundledFolder = development ? join(app.getAppPath(), 'resources/models') : join(process.resourcesPath, 'models')
const windowOptions = { preload: join(import.meta.dirname, '../preload/preload.cjs'), development }

const sandboxAdvice =
  'It was started with --no-sandbox. The AppImage adds that by itself on systems that keep user namespaces from ordinary programs: ' +
  'install the .deb package there, or allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0).'

app.setName('Hearth')
// A command has a Chromium profile of its own, so that it can run beside the window. Only caches live in either.
const profile = join(paths.home, mode.kind === 'window' ? 'window' : 'run')
mkdirSync(profile, { recursive: true })
app.setPath('userData', profile)

protocol.registerSchemesAsPrivileged(schemes)
const hasHardwareAdapter = existsSync('/dev/dri') && !app.commandLine.hasSwitch('use-webgpu-adapter')
for (const [name, value] of switchesFor({ platform: process.platform, hasHardwareAdapter })) {
  app.commandLine.appendSwitch(name, value)
}
app.disableDomainBlockingFor3DAPIs()
const withoutSandbox = app.commandLine.hasSwitch('no-sandbox')
// Chromium cannot sandbox for root, and says so by ending. Only a checkout run by root (the launcher says it aloud) goes without.
if (!(development && withoutSandbox)) app.enableSandbox()
app.on('web-contents-created', (_event, contents) => lockContents(contents))

// Not awaited: Electron becomes ready only after this module has been evaluated.
if (withoutSandbox && !development) {
  dialog.showErrorBox('Hearth does not start without its sandbox', sandboxAdvice)
  app.exit(1)
} else if (mode.kind === 'window' && !app.requestSingleInstanceLock()) app.quit()
else void app.whenReady().then(() => (mode.kind === 'window' ? startWindow() : startRun(mode)))

/** The app as people see it: one window, and one process that owns it. */
function startWindow(): void {
  prepare(null, null)
  const settings = openSettings(join(paths.home, 'settings.json'))
  let window = openWindow(settings, windowOptions)
  const show = () => {
    if (window.isDestroyed()) window = openWindow(settings, windowOptions)
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
}

/** `hearth run`: the same page, unseen, until its last report. */
function startRun(mode: Exclude<Mode, { kind: 'window' }>): void {
  const report = startReporting(process.stdout, (code) => app.exit(code))
  if (mode.kind === 'refused') {
    report({ kind: 'failed', message: mode.message })
    return
  }
  prepare(mode.request, report)
  const { webContents } = openHiddenWindow(windowOptions)
  webContents.on('did-fail-load', (_event, _code, description) =>
    report({ kind: 'failed', message: `the page did not load: ${description}` }),
  )
  webContents.on('render-process-gone', (_event, { reason }) =>
    report({ kind: 'failed', message: `the process that runs the model ended: ${reason}` }),
  )
}

/** Locks the session, serves the two protocols and the requests. */
function prepare(run: RunRequest | null, report: ((report: RunReport) => void) | null): void {
  const library = createModelLibrary({ storeFolder: paths.models, bundledFolder })
  lockSession(session.defaultSession)
  protocol.handle('app', answerApp(listAppFiles(join(import.meta.dirname, '../renderer'))))
  protocol.handle('hearth-model', answerModel(library, [paths.models, bundledFolder]))
  const startup = { version: app.getVersion(), platform: process.platform, run }
  serve(windowPort(ipcMain), createHandlers({ startup, library, report }), (channel, error) =>
    console.error(`hearth: ${channel}:`, error),
  )
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, development)))
}
