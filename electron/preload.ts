// The bridge: one named function per request and per event, and nothing else. No Electron object, no event object and no function that takes a channel
// name crosses it.
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'

/** The names in shared/ipc.ts, put here by the build. */
declare const hearthChannels: readonly string[]
declare const hearthEvents: readonly string[]

contextBridge.exposeInMainWorld(
  'hearth',
  Object.fromEntries(
    hearthChannels.map((channel) => [channel, (input: unknown) => ipcRenderer.invoke(channel, input)]),
  ),
)

contextBridge.exposeInMainWorld('hearthEvents', {
  ...Object.fromEntries(
    hearthEvents.map((name) => [
      name,
      /** Calls `listener` with the data of each event; gives the function that ends it. */
      (listener: (data: unknown) => void) => {
        const receive = (_event: IpcRendererEvent, data: unknown) => listener(data)
        ipcRenderer.on(name, receive)
        return () => void ipcRenderer.removeListener(name, receive)
      },
    ]),
  ),
})

/** The path of a dropped folder goes to main and not to the page: only a file that a person really dropped has one. */
contextBridge.exposeInMainWorld('hearthDrop', (file: File) =>
  ipcRenderer.invoke('local.dropped', webUtils.getPathForFile(file)),
)
