// In an inference worker of a test page: once this is imported, a message can ask for the worker's device to be destroyed, at once or a moment after what is
// asked of it fails, or for an error that nobody catches, at the moment the worker tells of a step.
import type { WorkerEvent } from '../../renderer/inference/protocol.ts'

export interface Break {
  readonly kind: 'break'
  readonly how: 'destroy' | 'fail-first' | 'throw'
  /** The event behind which it happens; of progress, its step. */
  readonly at: string
  /** How often that event comes first. */
  readonly after: number
}

/** What the worker posts right before. */
export interface Broken {
  readonly kind: 'broken'
}

let device: GPUDevice | null = null
let armed: Break | null = null
let seen = 0

const requestDevice = GPUAdapter.prototype.requestDevice
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  device = await requestDevice.call(this, descriptor)
  return device
}

self.addEventListener('message', ({ data }: MessageEvent<Break | { readonly kind: string }>) => {
  if ('how' in data) armed = data
})

const post = self.postMessage.bind(self) as (message: unknown) => void
self.postMessage = (message: WorkerEvent) => {
  post(message)
  const name = message.kind === 'progress' ? message.progress.step : message.kind
  if (armed === null || device === null || name !== armed.at || seen++ < armed.after) return
  const { how } = armed
  armed = null
  post({ kind: 'broken' } satisfies Broken)
  breakNow(device, how)
}

function breakNow(broken: GPUDevice, how: Break['how']): void {
  switch (how) {
    case 'destroy':
      broken.destroy()
      return
    case 'fail-first':
      broken.queue.submit = () => {
        setTimeout(() => broken.destroy(), 50)
        throw new Error('the device is about to be lost')
      }
      return
    case 'throw':
      setTimeout(() => {
        throw new Error('nobody catches this')
      })
      return
    default:
      how satisfies never
  }
}

const NativeWorker = globalThis.Worker
globalThis.Worker = class extends NativeWorker {
  constructor(_address: string | URL, options?: WorkerOptions) {
    super(new URL('./servedReader.ts', import.meta.url), options)
  }
}
