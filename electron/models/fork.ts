// Electron's utility process as a wire. It gets its folders as one argument and no secret: the token follows in a message.
import { utilityProcess } from 'electron'
import type { ForkedProcess } from './start.ts'

/** What the process is started with; nothing in it is secret. */
export interface ProcessFolders {
  readonly home: string
  readonly bundledFolder: string
  /** Of hearth-runtime.wasm. */
  readonly runtimePath: string
}

export function forkModelsProcess(script: string, folders: ProcessFolders): ForkedProcess {
  // The token of the environment reaches the process with its configuration, if at all.
  const { HF_TOKEN: _token, HUGGING_FACE_HUB_TOKEN: _older, ...env } = process.env
  const child = utilityProcess.fork(script, [JSON.stringify(folders)], {
    serviceName: 'Hearth models',
    stdio: 'inherit',
    env,
  })
  return {
    wire: {
      post: (message) => child.postMessage(message),
      receive: (listener) => void child.on('message', listener),
    },
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(`with code ${code}`))),
    end: () => void child.kill(),
  }
}
