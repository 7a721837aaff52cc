// The application menu. Its accelerators work in every text field; the page's own commands have theirs in the page.
import type { MenuItemConstructorOptions } from 'electron'

/** Menu for a platform; `development` adds reloading and the developer tools. */
export function menuTemplate(platform: string, development: boolean): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  return [
    ...(isMac ? ([{ role: 'appMenu' }] as const) : []),
    { label: '&File', submenu: [{ role: isMac ? 'close' : 'quit' }] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        // Not for people: the text in the window would be gone.
        ...(development ? ([{ role: 'reload' }, { type: 'separator' }] as const) : []),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(development ? ([{ role: 'toggleDevTools' }] as const) : []),
      ],
    },
    { role: 'windowMenu' },
  ]
}
