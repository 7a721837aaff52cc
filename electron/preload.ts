// The bridge: one named function per request and nothing else. No Electron object, no event and no function that takes a channel name crosses it.
import { contextBridge, ipcRenderer } from 'electron'

/** The names in shared/ipc.ts, put here by the build. */
declare const hearthChannels: readonly string[]

contextBridge.exposeInMainWorld(
  'hearth',
  Object.fromEntries(
    hearthChannels.map((channel) => [channel, (input: unknown) => ipcRenderer.invoke(channel, input)]),
  ),
)
