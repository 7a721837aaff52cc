// An installation with everything it needs, on a local Hub: queue, compiler in its worker, store, downloads.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
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
import { type LocalHub, type LocalRepository, startLocalHub } from '../hub/localHub.ts'
import { referenceCheckpoint } from './referenceCheckpoint.ts'

export const commit = '0123456789abcdef0123456789abcdef01234567'
const workerUrl = new URL('../../electron/services/jobs/compileWorker.ts', import.meta.url)
const runtimePath = fileURLToPath(new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url))

export async function repositoryOf(name: string, id = `test/${name}`): Promise<LocalRepository> {
  const files = Object.entries(await referenceCheckpoint(name))
  return {
    id,
    commit,
    branches: { main: commit },
    files: files.map(([file, bytes]) => ({ name: file, bytes, large: /\.(safetensors|bin)$/.test(file) })),
  }
}

export interface Rig extends AsyncDisposable {
  readonly hub: LocalHub
  readonly queue: Queue
  readonly models: Map<string, ReadonlyMap<string, Uint8Array>>
}

export async function installRig(repositories: readonly LocalRepository[]): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-jobs-'))
  const hub = await startLocalHub({ repositories })
  const { hubOrigin } = hub.state
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
    compile: (task, host, signal) => compileInWorker(workerUrl, task, host, signal),
    runtimePath,
  }
  const database = new DatabaseSync(join(folder, 'jobs.db'))
  database.exec(jobTable)
  const queue = openQueue({
    rows: jobRows(database),
    run: async (job, signal) => {
      if (job.work.kind !== 'install' || job.work.request.source.kind !== 'checkpoint') throw new Error('not here')
      const { request } = job.work
      const { repository } = job.work.request.source
      return await installRepository({ form: 'checkpoint', repository, request }, parts, job, signal)
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
    models,
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
        use: () => {},
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
