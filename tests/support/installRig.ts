// A models folder with everything around it, on a local Hub: queue, compiler in its worker, store, downloads, network.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Models } from '../../electron/services/models.ts'
import { type Network, openNetwork } from '../../electron/services/network/network.ts'
import { openModels } from '../../electron/services/openModels.ts'
import { openSettings } from '../../electron/services/settings.ts'
import { openStoreDatabase } from '../../electron/services/store/schema.ts'
import { blobPath, manifestPath } from '../../electron/services/store/storePaths.ts'
import type { InstallRequest } from '../../shared/jobs.ts'
import { type ModelManifest, modelManifest } from '../../shared/model.ts'
import { type LocalHub, type LocalRepository, startLocalHub } from '../hub/localHub.ts'
import { tinyPublishedModel } from './publishedModel.ts'
import { referenceCheckpoint } from './referenceCheckpoint.ts'

export const commit = '0123456789abcdef0123456789abcdef01234567'
const workerUrl = new URL('../../electron/services/jobs/compileWorker.ts', import.meta.url)
const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** A reference checkpoint as a repository. */
export async function repositoryOf(name: string, id = `test/${name}`): Promise<LocalRepository> {
  return repository(id, await referenceCheckpoint(name))
}

/** Weights in MLC's form. */
export async function readyRepository(): Promise<LocalRepository> {
  const { files } = await tinyPublishedModel('llama', 'q4f16_1', 7)
  return repository('test/tiny-q4f16_1-MLC', files)
}

export function repository(id: string, files: Readonly<Record<string, Uint8Array | string>>): LocalRepository {
  return {
    id,
    commit,
    branches: { main: commit },
    files: Object.entries(files).map(([name, content]) => ({
      name,
      bytes: typeof content === 'string' ? Buffer.from(content) : content,
      large: /\.(safetensors|bin)$/.test(name),
    })),
  }
}

export function checkpoint(id: string): InstallRequest {
  return {
    source: { kind: 'checkpoint', repository: id },
    format: 'q4f16_1',
    quantization: 'round-to-nearest',
    contextTokens: null,
    keepCheckpoint: false,
  }
}

/** Opens a models folder below `home` that knows the Hub of that address. */
export async function openHome(
  home: string,
  hubEndpoint: string,
  change: Partial<Parameters<typeof openModels>[0]> = {},
): Promise<{ readonly models: Models; readonly network: Network } & AsyncDisposable> {
  const network = openNetwork({
    ledgerFile: join(home, 'network.db'),
    configuration: {
      offline: false,
      hubEndpoint,
      token: null,
      proxies: { http: null, https: null, except: '' },
      connections: 2,
      speedLimitBytesPerSecond: null,
    },
  })
  const models = await openModels({
    paths: { home, models: join(home, 'models') },
    settings: openSettings(join(home, 'settings.json')),
    // Nothing of this computer.
    environment: { HF_HUB_CACHE: join(home, 'nothing') },
    bundledFolder: fromRoot('resources/models'),
    runtimePath: fromRoot('resources/runtime/hearth-runtime.wasm'),
    ...{ network, workerUrl },
    tries: 3,
    ...change,
  })
  return {
    ...{ models, network },
    async [Symbol.asyncDispose]() {
      await models[Symbol.asyncDispose]()
      await network[Symbol.asyncDispose]()
    },
  }
}

export interface InstalledFiles {
  readonly manifest: ModelManifest
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Every installed model of a home, read from the disk as whoever runs it does. Another process may have the folder open. */
export async function installedModels(
  home: string,
  folder: string = join(home, 'models'),
): Promise<ReadonlyMap<string, InstalledFiles>> {
  const database = openStoreDatabase(folder, { readOnly: true })
  try {
    const found = new Map<string, InstalledFiles>()
    for (const { key, manifest: text } of database.prepare('SELECT key, manifest FROM model').all()) {
      const manifest = modelManifest.parse(JSON.parse(String(text)))
      const files = new Map<string, Uint8Array>()
      for (const { name, sha256 } of manifest.files) files.set(name, await readFile(blobPath(folder, sha256)))
      files.set('hearth.json', await readFile(manifestPath(folder, String(key))))
      found.set(String(key), { manifest, files })
    }
    return found
  } finally {
    database.close()
  }
}

export interface Rig extends AsyncDisposable {
  readonly home: string
  readonly hub: LocalHub
  readonly models: Models
  readonly network: Network
  /** Closes the folder as the app does when it is left, and opens it again. */
  restart(): Promise<void>
}

export interface RigOptions extends Partial<Parameters<typeof openModels>[0]> {
  readonly repositories: readonly LocalRepository[]
  /** Told of each request to the Hub. */
  readonly onRequest?: () => void
}

export async function installRig({ repositories, onRequest, ...change }: RigOptions): Promise<Rig> {
  const home = await temporaryHome()
  const hub = await startLocalHub({ repositories, requestsLeft: 1_000_000 })
  hub.fault = () => {
    onRequest?.()
    return false
  }
  let open = await openHome(home, hub.state.hubOrigin, change)
  return {
    ...{ home, hub },
    get models() {
      return open.models
    },
    get network() {
      return open.network
    },
    async restart() {
      await open[Symbol.asyncDispose]()
      open = await openHome(home, hub.state.hubOrigin, change)
    },
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]()
      await hub[Symbol.asyncDispose]()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export async function temporaryHome(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'hearth-jobs-'))
}
