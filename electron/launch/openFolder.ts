// The models folder for a command: the same services as in the app, with what the person set there and what the environment says. Of the token the app's own
// store keeps, a command knows nothing: only Electron can read it.
import { join } from 'node:path'
import type { Models } from '../services/models.ts'
import { configurationOf, foundToken } from '../services/network/configuration.ts'
import { openNetwork } from '../services/network/network.ts'
import { openModels } from '../services/openModels.ts'
import { hearthPaths } from '../services/paths.ts'
import { openSettings } from '../services/settings.ts'
import { rootFolder } from './subprocess.ts'

/** With a bound, because a command that waits for ever looks like one that hangs. */
const tries = 4

/** Rejects with ServiceError store-in-use while another Hearth has the folder open. */
export async function openModelsFolder(environment: NodeJS.ProcessEnv): Promise<Models> {
  const paths = hearthPaths(environment)
  const { home } = paths
  const settings = openSettings(join(home, 'settings.json'))
  const configuration = configurationOf(settings.read(), environment, foundToken(environment), null)
  const network = openNetwork({ ledgerFile: join(home, 'network.db'), configuration })
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
