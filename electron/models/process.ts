// The models process: looks after the models folder, the downloads and the network, apart from main, so that nothing of it can hold up the window. It opens
// the folder with its first configuration; where that fails, every request fails for the same reason, and the next configuration tries again.
import { join } from 'node:path'
import type { HandlersOf } from '../../shared/ipc.ts'
import { processPort } from '../ipc/remote.ts'
import { serve } from '../ipc/serve.ts'
import type { Models } from '../services/models.ts'
import type { NetworkConfiguration } from '../services/network/configuration.ts'
import { type Network, openNetwork } from '../services/network/network.ts'
import { openModels } from '../services/openModels.ts'
import { openSettings } from '../services/settings.ts'
import { processRequests } from './contract.ts'
import { modelsHandlers } from './handlers.ts'
import { readProcessPaths } from './paths.ts'

const { parentPort } = process
const { port, announce } = processPort({
  post: (message) => parentPort.postMessage(message),
  receive: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
})
const { home, models: folder, ...resources } = readProcessPaths(process.argv.at(-1) ?? '')
const always = new AbortController().signal

let network: Network | null = null
let opening: Promise<Models> | null = null

async function open(configuration: NetworkConfiguration): Promise<Models> {
  network ??= openNetwork({ ledgerFile: join(home, 'network.db'), configuration })
  const models = await openModels({
    ...resources,
    paths: { home, models: folder },
    settings: openSettings(join(home, 'settings.json')),
    environment: process.env,
    network,
    workerUrl: new URL('compileWorker.js', import.meta.url),
    tries: null,
  })
  models.jobs.watch((jobs) => announce('jobs.changed', jobs), always)
  models.watch(() => announce('models.changed', null), always)
  return models
}

async function configure(configuration: NetworkConfiguration): Promise<void> {
  network?.configure(configuration)
  opening ??= open(configuration).catch((error: unknown) => {
    opening = null
    throw error
  })
  await opening
}

async function opened(): Promise<Models> {
  if (opening === null) throw new Error('the models folder is not open')
  return await opening
}

type ProcessHandlers = HandlersOf<typeof processRequests>

/** Each request waits until the folder is open; the first configuration opens it. */
const handlers = Object.fromEntries(
  (Object.keys(processRequests) as (keyof ProcessHandlers)[]).map((channel) => {
    const answer = async (input: never, signal: AbortSignal) => {
      const answers: Record<string, (input: never, signal: AbortSignal) => unknown> = modelsHandlers(
        await opened(),
        configure,
      )
      return await answers[channel]?.(input, signal)
    }
    return [channel, answer]
  }),
) as unknown as ProcessHandlers

serve(
  port,
  processRequests,
  { ...handlers, 'process.configure': async (configuration) => configure(configuration).then(() => null) },
  (channel, error) => console.error(`hearth: ${channel}:`, error),
)
