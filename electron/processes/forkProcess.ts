// Electron's utility process as a wire. It gets what it starts with as one argument and no secret: the token follows in a message, where it follows at all.
import { utilityProcess } from 'electron'
import type { ForkedProcess } from './keepProcess.ts'

/** `serviceName` is what the system's list of processes shows. */
export function forkProcess(script: string, serviceName: string, start: unknown): ForkedProcess {
  const { HF_TOKEN: _token, HUGGING_FACE_HUB_TOKEN: _older, ...env } = process.env
  const child = utilityProcess.fork(script, [JSON.stringify(start)], { serviceName, stdio: 'inherit', env })
  return {
    wire: {
      post: (message) => child.postMessage(message),
      receive: (listener) => void child.on('message', listener),
    },
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(`code ${code}`))),
    end: () => void child.kill(),
  }
}
