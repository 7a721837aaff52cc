// The models folder for a command: the same services as in the app, with what the person set there and what the environment says. Of the token the app's own
// store keeps, a command knows nothing: only Electron can read it.
import { join } from 'node:path'
import { currentHub } from '../services/hub/currentHub.ts'
import { inspectRepository } from '../services/inspect/inspect.ts'
import type { Models } from '../services/models.ts'
import { modelsFolderOf } from '../services/modelsFolder.ts'
import { configurationOf, foundToken } from '../services/network/configuration.ts'
import { openNetwork } from '../services/network/network.ts'
import { openModels } from '../services/openModels.ts'
import { hearthPaths } from '../services/paths.ts'
import { openSettings } from '../services/settings.ts'
import { readStore } from '../services/store/readStore.ts'
import { rootFolder } from './subprocess.ts'

/** With a bound, because a command that waits for ever looks like one that hangs. */
const tries = 4

/** What only looks needs no folder to write to: it works beside the app. */
export type Looker = Pick<Models, 'search' | 'inspect' | 'records'> & AsyncDisposable

export function openLooker(environment: NodeJS.ProcessEnv): Looker {
  const { settings, paths, network } = openHome(environment)
  const hub = currentHub(network, Date.now)
  const reader = readStore(modelsFolderOf(settings.read(), paths))
  return {
    search: (text, signal) => hub.search(text, signal),
    async inspect(subject, signal) {
      if (subject.kind === 'repository') return await inspectRepository(hub, subject.repository, signal)
      throw new Error('a command names folders by their paths')
    },
    records: async () => reader.records(),
    async [Symbol.asyncDispose]() {
      reader[Symbol.dispose]()
      await network[Symbol.asyncDispose]()
    },
  }
}

/** Rejects with ServiceError store-in-use while another Hearth has the folder open. */
export async function openModelsFolder(environment: NodeJS.ProcessEnv): Promise<Models> {
  const { settings, paths, network } = openHome(environment)
  try {
    const models = await openModels({
      ...{ paths, settings, environment, network },
      bundledFolder: join(rootFolder, 'resources', 'models'),
      runtimePath: join(rootFolder, 'resources', 'runtime', 'hearth-runtime.wasm'),
      workerUrl: new URL('../services/jobs/compileWorker.ts', import.meta.url),
      tries,
      goesOn: false,
    })
    return {
      ...models,
      [Symbol.asyncDispose]: async () => {
        await models[Symbol.asyncDispose]()
        await network[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await network[Symbol.asyncDispose]()
    throw error
  }
}

function openHome(environment: NodeJS.ProcessEnv) {
  const paths = hearthPaths(environment)
  const settings = openSettings(join(paths.home, 'settings.json'))
  const configuration = configurationOf(settings.read(), environment, foundToken(environment), null)
  return { paths, settings, network: openNetwork({ ledgerFile: join(paths.home, 'network.db'), configuration }) }
}
