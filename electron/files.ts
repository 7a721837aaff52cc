// The system's own dialog for a folder, and its file manager. A person chooses; no path comes from the page.
import { BrowserWindow, dialog, shell } from 'electron'
import type { Services } from './ipc/handlers.ts'

export const files: Services['files'] = {
  async chooseFolder(title) {
    const options = {
      title,
      properties: ['openDirectory', 'createDirectory'] as ('openDirectory' | 'createDirectory')[],
    }
    const window = BrowserWindow.getFocusedWindow()
    const chosen = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options))
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
  },
  reveal(path) {
    // A NUL would cut the path short where the system reads it.
    if (!path.includes('\0')) shell.showItemInFolder(path)
  },
}
