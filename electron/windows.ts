// The one window: its place on the screen, its colour before the first paint, its locks. The same page also runs `hearth run`, unseen.
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { EventData, EventName } from '../shared/ipc.ts'
import { pageUrl } from './protocol.ts'
import { isOwnPage } from './security.ts'
import { type Area, placeWindow, smallestWindow } from './services/placement.ts'
import type { SettingsFile } from './services/settings.ts'

/** The page's own background colours, so that nothing flashes before it is painted. */
const background = { light: '#faf8f5', dark: '#1a1816' } as const

export interface WindowOptions {
  readonly preload: string
  readonly development: boolean
}

/** Opens the window where it was last and shows it with its first paint. */
export function openWindow(settings: SettingsFile, options: WindowOptions): BrowserWindow {
  const saved = settings.read().window
  const window = createWindow(placeWindow(saved, workAreas()), options)
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    try {
      settings.write({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } })
    } catch (error) {
      // A full or locked disk: the window closes all the same, and opens in the middle next time.
      console.error('hearth: settings.json could not be written:', error)
    }
  })
  void window.loadURL(pageUrl)
  return window
}

/** Opens the page without showing it. It works at full speed although nobody looks. */
export function openHiddenWindow(options: WindowOptions): BrowserWindow {
  const window = createWindow({ x: 0, y: 0, ...smallestWindow }, options)
  void window.loadURL(pageUrl)
  return window
}

/** Sends an event to every window that shows our page. */
export function tellWindows<E extends EventName>(name: E, data: EventData<E>): void {
  for (const { webContents } of BrowserWindow.getAllWindows()) {
    if (!webContents.isDestroyed() && isOwnPage(webContents.getURL())) webContents.send(name, data)
  }
}

function createWindow(bounds: Area, { preload, development }: WindowOptions): BrowserWindow {
  return new BrowserWindow({
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: 'Hearth',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
      devTools: development,
    },
  })
}

function workAreas(): readonly [Area, ...Area[]] {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id)
  return [main.workArea, ...others.map((display) => display.workArea)]
}
