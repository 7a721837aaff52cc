// The one way from a text to the browser. Texts are written by models and by people elsewhere, so an address is opened only when it is https, or http and
// the person agrees to the host they are shown.
import { BrowserWindow, dialog, shell } from 'electron'
import { judgeLink } from './services/judgeLink.ts'

/** false where it was refused or the person said no. */
export async function openLink(address: string): Promise<boolean> {
  const link = judgeLink(address)
  if (link.kind === 'refused') return false
  if (link.kind === 'ask' && !(await agrees(link.host))) return false
  await shell.openExternal(link.address)
  return true
}

async function agrees(host: string): Promise<boolean> {
  const options = {
    type: 'warning' as const,
    message: `Open a page of ${host}?`,
    detail: 'The connection to it is not encrypted: what is sent and received can be read and changed on the way.',
    buttons: ['Open in the browser', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  }
  const window = BrowserWindow.getFocusedWindow()
  const { response } = await (window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options))
  return response === 0
}
