// The application menu. Its accelerators work in every text field; the page's own commands have theirs in the page.
import type { MenuItemConstructorOptions } from 'electron'

/** Menu for a platform; `development` adds the developer tools. */
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
        { role: 'reload' },
        { type: 'separator' },
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
