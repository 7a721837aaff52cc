// An installation with everything it needs, on a local Hub: queue, compiler in its worker, store, downloads.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { currentHub } from '../../electron/services/hub/currentHub.ts'
import { systemClock } from '../../electron/services/jobs/clock.ts'
import { compileInWorker } from '../../electron/services/jobs/compileInWorker.ts'
import type { FileDownload } from '../../electron/services/jobs/downloads.ts'
import { forgetParts, type InstallParts, installRepository } from '../../electron/services/jobs/installRepository.ts'
import { openQueue, type Queue } from '../../electron/services/jobs/queue.ts'
import { jobRows, jobTable } from '../../electron/services/jobs/rows.ts'
import type { ModelDraft, Store, StoredBlob } from '../../electron/services/store/store.ts'
import type { InstallRequest } from '../../shared/jobs.ts'
import { type ModelManifest, modelManifest } from '../../shared/model.ts'
import { type LocalHub, type LocalRepository, startLocalHub } from '../hub/localHub.ts'
import { tinyPublishedModel } from './publishedModel.ts'
import { referenceCheckpoint } from './referenceCheckpoint.ts'

export const commit = '0123456789abcdef0123456789abcdef01234567'
const workerUrl = new URL('../../electron/services/jobs/compileWorker.ts', import.meta.url)
const runtimePath = fileURLToPath(new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url))

export async function repositoryOf(name: string, id = `test/${name}`): Promise<LocalRepository> {
  return repository(id, await referenceCheckpoint(name))
}

/** Weights in PyTorch's own form. */
export async function binRepository(): Promise<LocalRepository> {
  const name = 'bloom-f16-bin'
  return repository(`test/${name}`, await referenceCheckpoint(name))
}

/** Weights in MLC's form. */
export async function readyRepository(): Promise<LocalRepository> {
  const { files } = await tinyPublishedModel('llama', 'q4f16_1', 7)
  return repository('test/tiny-q4f16_1-MLC', files)
}

function repository(id: string, files: Readonly<Record<string, Uint8Array | string>>): LocalRepository {
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

export interface Rig extends AsyncDisposable {
  readonly hub: LocalHub
  readonly queue: Queue
  install(request: InstallRequest): string
  modelKeys(): Promise<readonly string[]>
  model(
    key: string | null,
  ): Promise<{ readonly manifest: ModelManifest; readonly files: ReadonlyMap<string, Uint8Array> }>
}

export interface RigOptions {
  /** Told of each request to the Hub and of each piece of a model that is written. */
  readonly onStep?: () => void
}

export async function installRig(
  repositories: readonly LocalRepository[],
  { onStep = () => {} }: RigOptions = {},
): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-jobs-'))
  const hub = await startLocalHub({ repositories })
  const { hubOrigin } = hub.state
  hub.fault = () => {
    onStep()
    return false
  }
  const models = new Map<string, ReadonlyMap<string, Uint8Array>>()
  const store = doubleStore(folder, models)
  const endpoint = { origin: hubOrigin, base: hubOrigin, token: null }
  const source = currentHub({ fetch, endpoint: () => endpoint }, Date.now)
  const download: FileDownload = async ({ id, commit: pinned, file }, { onBytes }, signal) => {
    const { body } = await source.openFile({ id, commit: pinned, file, offset: 0 }, signal)
    const bytes = Buffer.from(await new Response(body).arrayBuffer())
    onBytes(bytes.length)
    return store.add(file.hash.hex, bytes)
  }
  const parts: InstallParts = {
    hub: source,
    store: store as unknown as Store,
    download,
    compile: (task, host, signal) => {
      const write: typeof host.write = async (name, chunk, abort) => {
        onStep()
        await host.write(name, chunk, abort)
      }
      return compileInWorker(workerUrl, task, { ...host, write }, signal)
    },
    runtimePath,
  }
  const database = new DatabaseSync(join(folder, 'jobs.db'))
  database.exec(jobTable)
  const queue = openQueue({
    rows: jobRows(database),
    run: async (job, signal) => {
      if (job.work.kind !== 'install' || job.work.request.source.kind === 'folder') throw new Error('not here')
      const { request } = job.work
      const { repository, kind } = job.work.request.source
      return await installRepository({ form: kind, repository, request }, parts, job, signal)
    },
    forget: async ({ plan }, others) => {
      if (plan !== null) await forgetParts(plan, others, parts.store)
    },
    clock: systemClock,
    random: Math.random,
    installsAtOnce: 1,
    tries: 3,
  })
  return {
    hub,
    queue,
    install: (request) => queue.add({ kind: 'install', request, folder: null }, 'a job'),
    modelKeys: async () => [...models.keys()],
    model: async (key) => {
      const files = models.get(key ?? '') ?? new Map<string, Uint8Array>()
      const manifest = modelManifest.parse(JSON.parse(Buffer.from(files.get('hearth.json') ?? []).toString()))
      return { manifest, files }
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]()
      database.close()
      await hub[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function doubleStore(folder: string, models: Map<string, ReadonlyMap<string, Uint8Array>>) {
  const blobs = new Map<string, StoredBlob>()
  mkdirSync(folder, { recursive: true })
  return {
    blob: ({ hex }: { readonly hex: string }) => blobs.get(hex) ?? null,
    add: async (hex: string, bytes: Uint8Array) => {
      const blob = { sha256: sha256(bytes), sizeBytes: bytes.byteLength, path: join(folder, hex) }
      await writeFile(blob.path, bytes)
      blobs.set(hex, blob)
      return blob
    },
    freeBytes: async () => 1e12,
    discardPart: async () => {},
    beginModel: async (): Promise<ModelDraft> => {
      const files = new Map<string, Uint8Array>()
      return {
        write: async (name, chunk) => {
          files.set(name, Buffer.concat([files.get(name) ?? new Uint8Array(), chunk]))
        },
        use: (name, blob) => void files.set(name, new Uint8Array(readFileSync(blob.path))),
        useInPlace: () => {},
        commit: async () => {
          const key = sha256(files.get('hearth.json') ?? new Uint8Array())
          models.set(key, files)
          return key
        },
        [Symbol.asyncDispose]: async () => {},
      }
    },
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
