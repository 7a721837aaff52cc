// The files of one installation, one after the other: what the store has already is not fetched, and whoever waits for a file is told when it is there.
import type { JobFile } from '../../../shared/jobs.ts'
import type { Download } from '../download/downloads.ts'
import type { HubFile } from '../hub/files.ts'
import type { BlobStore, StoredBlob } from '../store/store.ts'
import type { RunningJob } from './queue.ts'

export interface FilesOnTheWay {
  /** Every file, one after the other; by name. */
  fetchAll(signal: AbortSignal): Promise<ReadonlyMap<string, StoredBlob>>
  /** Resolves once the file is there. */
  there(name: string, signal: AbortSignal): Promise<StoredBlob>
}

interface Source {
  readonly id: string
  readonly commit: string
  readonly files: readonly HubFile[]
}

export function filesOnTheWay(
  { id, commit, files }: Source,
  { store, download, job }: { readonly store: BlobStore; readonly download: Download; readonly job: RunningJob },
): FilesOnTheWay {
  const states = files.map((file) => ({
    file,
    arrived: Promise.withResolvers<StoredBlob>(),
    doneBytes: 0,
    isThere: false,
  }))
  // Nobody may be waiting.
  for (const { arrived } of states) arrived.promise.catch(() => undefined)
  const show = () => {
    const shown: readonly JobFile[] = states.map(({ file, doneBytes, isThere }) => ({
      name: file.name,
      sizeBytes: file.sizeBytes,
      doneBytes,
      isVerified: isThere,
    }))
    job.report({ files: shown })
    job.moved(states.reduce((sum, { doneBytes }) => sum + doneBytes, 0))
  }
  const arrive = (state: (typeof states)[number], blob: StoredBlob) => {
    state.doneBytes = state.file.sizeBytes
    state.isThere = true
    state.arrived.resolve(blob)
  }
  return {
    async fetchAll(signal) {
      const blobs = new Map<string, StoredBlob>()
      job.report({ totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) })
      for (const state of states) {
        const known = store.blob(state.file.hash)
        if (known !== null) arrive(state, known)
      }
      show()
      for (const state of states) {
        const { file } = state
        const reports = {
          onBytes: (doneBytes: number) => {
            state.doneBytes = doneBytes
            show()
          },
          onWait: job.waits,
        }
        if (!state.isThere) {
          const fetchOne = (abort: AbortSignal) => download({ id, commit, file }, reports, abort)
          arrive(state, await job.patiently(fetchOne, signal))
        }
        blobs.set(file.name, await state.arrived.promise)
        show()
      }
      return blobs
    },
    async there(name, signal) {
      const state = states.find(({ file }) => file.name === name)
      if (state === undefined) throw new Error(`${name} is not part of this installation`)
      return await withAbort(state.arrived.promise, signal)
    },
  }
}

/** Stops waiting when the signal is aborted. */
async function withAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promise, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
