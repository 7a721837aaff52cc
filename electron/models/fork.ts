// Electron's utility process as a wire. It gets its folders as one argument and no secret: the token follows in a message.
import { utilityProcess } from 'electron'
import type { ProcessPaths } from './paths.ts'
import type { ForkedProcess } from './start.ts'

export function forkModelsProcess(script: string, paths: ProcessPaths): ForkedProcess {
  // The token of the environment reaches the process with its configuration, if at all.
  const { HF_TOKEN: _token, HUGGING_FACE_HUB_TOKEN: _older, ...env } = process.env
  const child = utilityProcess.fork(script, [JSON.stringify(paths)], {
    serviceName: 'Hearth models',
    stdio: 'inherit',
    env,
  })
  return {
    wire: {
      post: (message) => child.postMessage(message),
      receive: (listener) => void child.on('message', listener),
    },
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(`code ${code}`))),
    end: () => void child.kill(),
  }
}
