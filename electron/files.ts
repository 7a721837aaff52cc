// The system's own dialogs for folders and files, its file manager and its printing. A person chooses; no path comes from the page.
import { BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron'
import type { Services } from './ipc/handlers.ts'
import { saveName } from './services/saveName.ts'
import { writeWhole } from './services/writeWhole.ts'
import type { MainWords } from './words/words.ts'

async function choose(options: OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow()
  const chosen = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options))
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
}

/** `words`: those of the language in use when a dialog opens. */
export function createFiles(words: () => MainWords): Services['files'] {
  return {
    chooseFolder: (purpose) =>
      choose({ title: words().choose[purpose], properties: ['openDirectory', 'createDirectory'] }),
    chooseChats: () =>
      choose({
        title: words().choose.chats,
        properties: ['openFile'],
        filters: [{ name: words().kinds.json, extensions: ['json'] }],
      }),
    async save({ name, kind, text }) {
      const options = {
        title: words().choose.save,
        defaultPath: saveName(name, kind),
        filters: [{ name: words().kinds[kind], extensions: [kind] }],
      }
      const window = BrowserWindow.getFocusedWindow()
      const chosen = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options))
      if (chosen.canceled || chosen.filePath === '') return false
      await writeWhole(chosen.filePath, text)
      return true
    },
    reveal(path) {
      // A NUL would cut the path short where the system reads it.
      if (!path.includes('\0')) shell.showItemInFolder(path)
    },
  }
}

/** Shows the system's dialog for printing the page that is in front. Resolves when the person is done with it, whatever they chose. */
export async function print(): Promise<void> {
  const contents = (BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])?.webContents
  if (contents === undefined) return
  await new Promise<void>((resolve) => contents.print({}, () => resolve()))
}
