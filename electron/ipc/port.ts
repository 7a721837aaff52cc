// The window's port: Electron's ipcMain behind a check of the sender. Nothing else in Hearth listens on ipcMain.
import type { IpcMain } from 'electron'
import { isTrustedSender } from '../security.ts'
import type { Port } from './serve.ts'

/** Requests from anything but the top frame of our own page are refused before their input is looked at. */
export function windowPort(ipcMain: Pick<IpcMain, 'handle'>): Port {
  return {
    handle(channel, answer) {
      ipcMain.handle(channel, async (event, input: unknown) => {
        if (!isTrustedSender(event.senderFrame, event.sender.mainFrame)) {
          return { ok: false, error: { code: 'not-allowed', message: 'this page may not ask Hearth for anything' } }
        }
        const abort = new AbortController()
        const stop = () => abort.abort()
        event.sender.once('destroyed', stop)
        try {
          return await answer(input, abort.signal)
        } finally {
          event.sender.removeListener('destroyed', stop)
        }
      })
    },
  }
}
