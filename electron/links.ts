// The one way from a text to the browser. Texts are written by models and by people elsewhere, so an address is opened only when it is https, or http and
// the person agrees to the host they are shown.
import { BrowserWindow, dialog, shell } from 'electron'
import { judgeLink } from './services/judgeLink.ts'
import type { MainWords } from './words/words.ts'

/** false where it was refused or the person said no. */
export async function openLink(address: string, words: MainWords['link']): Promise<boolean> {
  const link = judgeLink(address)
  if (link.kind === 'refused') return false
  if (link.kind === 'ask' && !(await agrees(link.host, words))) return false
  await shell.openExternal(link.address)
  return true
}

async function agrees(host: string, words: MainWords['link']): Promise<boolean> {
  const options = {
    type: 'warning' as const,
    message: words.question(host),
    detail: words.warning,
    buttons: [words.open, words.cancel],
    defaultId: 1,
    cancelId: 1,
  }
  const window = BrowserWindow.getFocusedWindow()
  const { response } = await (window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options))
  return response === 0
}
