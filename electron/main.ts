// The main process, composition only: paths and switches before Chromium starts, then protocols, requests and the window.
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { app, type BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron'
import { type RunReport, type RunRequest, requests } from '../shared/ipc.ts'
import { languageOf } from '../shared/language.ts'
import type { processRequests as chatsRequests, ProcessStart } from './chats/contract.ts'
import { createFiles, print } from './files.ts'
import { createHandlers, type Services } from './ipc/handlers.ts'
import { windowPort } from './ipc/port.ts'
import { RequestError, serve } from './ipc/serve.ts'
import { openLink } from './links.ts'
import { menuTemplate } from './menu.ts'
import type { ProcessPaths } from './models/paths.ts'
import { type ModelsProcess, startModelsProcess } from './models/start.ts'
import { closeFirst } from './processes/closeFirst.ts'
import { forkProcess } from './processes/forkProcess.ts'
import { type KeptProcess, keepProcess } from './processes/keepProcess.ts'
import { answerApp, answerModel, answerWeights, listAppFiles, schemes } from './protocol.ts'
import { rehearsalOf } from './rehearsal.ts'
import { reloadSwitch, watchPage } from './reload.ts'
import { type Mode, modeOf, startReporting } from './runMode.ts'
import { lockContents, lockSession } from './security.ts'
import { hasHardwareAdapter } from './services/adapter.ts'
import { createHardware } from './services/hardware/hardware.ts'
import { modelsFolderOf } from './services/modelsFolder.ts'
import { createMovingLibrary } from './services/movingLibrary.ts'
import { hearthPaths } from './services/paths.ts'
import { createPreferences } from './services/preferences.ts'
import { createRestarts } from './services/restarts.ts'
import { openSettings } from './services/settings.ts'
import { switchesFor } from './switches.ts'
import { systemProxy } from './systemProxy.ts'
import { openTokenStore } from './token.ts'
import { openHiddenWindow, openWindow, tellWindows } from './windows.ts'
import { type MainWords, mainWords } from './words/words.ts'

const mode = modeOf(process.argv)
const rehearsal = rehearsalOf(process.argv, app.isPackaged)
const development = !app.isPackaged
const paths = hearthPaths(process.env)
const bundledFolder = development ? join(app.getAppPath(), 'resources/models') : join(process.resourcesPath, 'models')
const runtimePath = development
  ? join(app.getAppPath(), 'resources/runtime/hearth-runtime.wasm')
  : join(process.resourcesPath, 'runtime/hearth-runtime.wasm')
const pageFolder = join(import.meta.dirname, '../renderer')
const windowOptions = { preload: join(import.meta.dirname, '../preload/preload.cjs'), development }

/** The system's, until the page tells which one the person chose. */
let language = languageOf('system', app.getPreferredSystemLanguages())
const words = () => mainWords[language]

const settings = openSettings(join(paths.home, 'settings.json'))
/** A move changes it while the app runs. */
const modelsFolder = () => modelsFolderOf(settings.read(), paths)
let modelsProcess: ModelsProcess | null = null

const preferences = createPreferences({
  settings,
  environment: process.env,
  tokens: openTokenStore(join(paths.home, 'token')),
  systemProxy: (address) => systemProxy(session.defaultSession, address),
  modelsFolder,
  changed: async (view, configuration) => {
    await modelsProcess?.configure(configuration)
    tellWindows('settings.changed', view)
  },
})
const hardware = createHardware({
  modelsFolder,
  probesFile: join(paths.home, 'probes.json'),
  gpuInfo: () => app.getGPUInfo('basic'),
})
const missing = () => Promise.reject(new RequestError({ code: 'not-allowed', message: 'this window runs a command' }))
/** Of a command, which reads models and looks after none. */
const noProcesses: Pick<Services, 'models' | 'chats'> = { models: { call: missing }, chats: { call: missing } }

app.setName('Hearth')
// A command has a Chromium profile of its own, so that it can run beside the window. Only caches live in either.
const profileProblem = openProfile(join(paths.home, mode.kind === 'window' ? 'window' : 'run'))

protocol.registerSchemesAsPrivileged(schemes)
const machine = {
  platform: process.platform,
  hasHardwareAdapter: hasHardwareAdapter() && !app.commandLine.hasSwitch('use-webgpu-adapter'),
}
for (const [name, value] of switchesFor(machine)) {
  app.commandLine.appendSwitch(name, value)
}
app.disableDomainBlockingFor3DAPIs()
const withoutSandbox = app.commandLine.hasSwitch('no-sandbox')
// Chromium cannot sandbox for root, and says so by ending. Only a checkout run by root (the launcher says it aloud) goes without.
if (!(development && withoutSandbox)) app.enableSandbox()
app.on('web-contents-created', (_event, contents) => lockContents(contents))

// Not awaited: Electron becomes ready only after this module has been evaluated.
if (withoutSandbox && !development) {
  fail(({ sandbox }) => sandbox)
} else if (rehearsal.kind === 'refused') fail(() => rehearsal.message)
else if (profileProblem !== null) fail(({ folder }) => folder(profileProblem))
else if (mode.kind === 'window' && !app.requestSingleInstanceLock()) app.quit()
else
  void app
    .whenReady()
    .then(() => (mode.kind === 'window' ? startWindow() : startRun(mode)))
    .catch((error: unknown) => fail(({ failed }) => failed(textOf(error))))

/** The app as people see it: one window, and one process that owns it. */
function startWindow(): void {
  const chats = startChats()
  prepare(null, null, { models: startModels(), chats })
  // What the window asked last is on its way there: a signal would overtake it, and the process ends with this one at the latest.
  const close = () => chats.callRunning('process.close', undefined).finally(() => chats.stop())
  const ending = closeFirst(app, close, () => setTimeout(closePatienceMs))
  const open = () => {
    const opened = openWindow(settings, windowOptions)
    opened.webContents.on('preload-error', (_event, _path, error) => fail(({ bridge }) => bridge(error.message)))
    reviveAfterCrashes(opened)
    return opened
  }
  let window = open()
  if (development && app.commandLine.hasSwitch(reloadSwitch)) {
    watchPage(pageFolder, () => {
      protocol.unhandle('app')
      protocol.handle('app', answerApp(listAppFiles(pageFolder)))
      if (!window.isDestroyed()) window.webContents.reloadIgnoringCache()
    })
  }
  const show = () => {
    // A window of an app that is ending would close again.
    if (ending.startAgain()) return
    if (window.isDestroyed()) window = open()
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
}

/** The process that looks after models: beside the window, for as long as the app is there. */
function startModels(): ModelsProcess {
  modelsProcess = startModelsProcess({
    fork: () => {
      const script = join(import.meta.dirname, 'modelsProcess.js')
      return forkProcess(script, 'Hearth models', { ...paths, bundledFolder, runtimePath } satisfies ProcessPaths)
    },
    configuration: () => preferences.configuration(),
    announce: tellWindows,
    report: (reason) => console.error(`hearth: the process that looks after models ended: ${reason}`),
    now: () => performance.now(),
  })
  app.on('will-quit', () => modelsProcess?.stop())
  return modelsProcess
}

/** So long the app waits at its end for the chats to be on the disk. */
const closePatienceMs = 10_000

/** The process that keeps chats. */
function startChats(): KeptProcess<typeof chatsRequests> {
  const start: ProcessStart = { folder: join(paths.home, 'chats'), run: randomUUID() }
  return keepProcess<typeof chatsRequests>({
    fork: () => forkProcess(join(import.meta.dirname, 'chatsProcess.js'), 'Hearth chats', start),
    // Each request of the window changes nothing the second time; the file is not taken in twice.
    mayRepeat: (channel) => channel !== 'process.import',
    // It opens by itself; where that fails, each request says so.
    prepare: async () => {},
    announce: tellWindows,
    report: (reason) => console.error(`hearth: the process that keeps chats ended: ${reason}`),
    now: () => performance.now(),
  })
}

/** `hearth run`: the same page, unseen, until its last report. */
function startRun(mode: Exclude<Mode, { kind: 'window' }>): void {
  const report = startReporting(process.stdout, (code) => app.exit(code))
  if (mode.kind === 'refused') {
    report({ kind: 'failed', message: mode.message })
    return
  }
  app.dock?.hide()
  prepare(mode.request, report, noProcesses)
  const { webContents } = openHiddenWindow(windowOptions)
  webContents.on('did-fail-load', (_event, _code, description) =>
    report({ kind: 'failed', message: `the page did not load: ${description}` }),
  )
  webContents.on('preload-error', (_event, _path, error) =>
    report({ kind: 'failed', message: mainWords.en.start.bridge(error.message) }),
  )
  webContents.on('render-process-gone', (_event, { reason }) =>
    report({ kind: 'failed', message: `the process that runs the model ended: ${reason}` }),
  )
}

/** Locks the session, serves the two protocols and the requests. */
function prepare(
  run: RunRequest | null,
  report: ((report: RunReport) => void) | null,
  processes: Pick<Services, 'models' | 'chats'>,
): void {
  const library = createMovingLibrary({ storeFolder: modelsFolder, bundledFolder })
  lockSession(session.defaultSession)
  protocol.handle('app', answerApp(listAppFiles(pageFolder)))
  const roots = () => [modelsFolder(), bundledFolder]
  protocol.handle('hearth-model', (request) => answerModel(library, roots())(request))
  // The documented way to have Chromium read a file is called deprecated; what replaces it passes every byte through this process (docs/loading-weights.md).
  protocol.registerFileProtocol('hearth-weights', (request, done) => {
    void answerWeights(library, roots())(request).then(done, () => done({ error: -2 }))
  })
  const rehearsed = rehearsal.kind === 'asked' ? { rehearsal: { tokensPerSecond: rehearsal.tokensPerSecond } } : {}
  const startup = { version: app.getVersion(), platform: process.platform, run, ...rehearsed }
  const page: Services['page'] = {
    speak(chosen) {
      if (chosen === language) return
      language = chosen
      showMenu()
    },
    print,
    openLink: (address) => openLink(address, words().link),
  }
  const services = { startup, library, report, settings: preferences, hardware, files: createFiles(words), page }
  const handlers = createHandlers({ ...services, ...processes })
  serve(windowPort(ipcMain), requests, handlers, (channel, error) => console.error(`hearth: ${channel}:`, error))
  showMenu()
}

function showMenu(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, development, words())))
}

/** Loads the page again when its process has ended; when that goes on, asks. */
function reviveAfterCrashes(window: BrowserWindow): void {
  const mayRestart = createRestarts()
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`hearth: the process of the page ended: ${reason}`)
    if (!mayRestart(performance.now())) {
      const { response } = await dialog.showMessageBox(window, {
        type: 'error',
        message: words().crash.title,
        detail: words().crash.detail(reason),
        buttons: [words().crash.again, words().crash.quit],
      })
      if (response === 1) app.quit()
    }
    // Not from within the event: Chromium is still taking the old process down, and would end with it.
    setImmediate(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    })
  })
}

/** Makes Chromium keep its profile in a folder; what went wrong, or null. */
function openProfile(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true })
    app.setPath('userData', folder)
    return null
  } catch (error) {
    return textOf(error)
  }
}

/** Ends the app before it can do anything: a command with its last report, which is English like all of them, the window with a box. */
function fail(message: (start: MainWords['start']) => string): void {
  if (mode.kind === 'window') {
    dialog.showErrorBox(words().start.title, message(words().start))
    app.exit(1)
  } else
    startReporting(process.stdout, (code) => app.exit(code))({ kind: 'failed', message: message(mainWords.en.start) })
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
