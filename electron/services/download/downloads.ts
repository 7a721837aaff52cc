// All downloads of a process: the same content is fetched once however many ask for it, and what they take together stays within the limit.
import type { Hub } from '../hub/hub.ts'
import type { BlobStore, StoredBlob } from '../store/store.ts'
import { usualReserveBytes } from './disk.ts'
import { downloadFile } from './downloadFile.ts'
import { createSpeedLimit } from './speedLimit.ts'
import type { Clock, DownloadReports, FileOfRepository } from './types.ts'
import { createWatch } from './watchdog.ts'

export interface DownloadOptions {
  readonly hub: Pick<Hub, 'openFile'>
  readonly store: BlobStore
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Asked for each file. */
  readonly connections: () => number
  readonly speedLimitBytesPerSecond: () => number | null
  readonly blockBytes?: number
  readonly reserveBytes?: number
  readonly stallMs?: number
}

/** Rejects with HubError, ServiceError (wrong-bytes, disk-full), or with the signal's reason; what came by then is kept for the next time. */
export type Download = (file: FileOfRepository, reports: DownloadReports, signal: AbortSignal) => Promise<StoredBlob>

export const usualBlockBytes = 16 * 2 ** 20
const usualStallMs = 20_000

interface Shared {
  readonly result: Promise<StoredBlob>
  readonly stop: AbortController
  readonly listeners: Set<DownloadReports>
  doneBytes: number
}

export function createDownloads(options: DownloadOptions): Download {
  const { hub, store, clock, random } = options
  const throttle = createSpeedLimit(options.speedLimitBytesPerSecond, clock)
  const watch = createWatch(options.stallMs ?? usualStallMs)
  const running = new Map<string, Shared>()

  const start = (key: string, file: FileOfRepository): Shared => {
    const stop = new AbortController()
    const listeners = new Set<DownloadReports>()
    const parts = {
      ...{ hub, store, clock, random, throttle, watch },
      blockBytes: options.blockBytes ?? usualBlockBytes,
      connections: options.connections(),
      reserveBytes: options.reserveBytes ?? usualReserveBytes,
    }
    const reports: DownloadReports = {
      onBytes: (doneBytes) => {
        shared.doneBytes = doneBytes
        for (const listener of listeners) listener.onBytes(doneBytes)
      },
      onWait: (waiting) => {
        for (const listener of listeners) listener.onWait(waiting)
      },
    }
    const result = downloadFile(file, parts, reports, stop.signal).finally(() => running.delete(key))
    // Whoever waits hears of it; nobody may be left.
    result.catch(() => undefined)
    const shared: Shared = { result, stop, listeners, doneBytes: 0 }
    running.set(key, shared)
    return shared
  }

  return async (file, reports, signal) => {
    const key = `${file.file.hash.kind} ${file.file.hash.hex}`
    for (;;) {
      signal.throwIfAborted()
      const shared = running.get(key) ?? start(key, file)
      if (shared.stop.signal.aborted) {
        // Its last listener left a moment ago: it ends first, then this one goes on from what it kept.
        await shared.result.catch(() => undefined)
        continue
      }
      // An object of its own: two callers may pass the same functions.
      const listener = { ...reports }
      shared.listeners.add(listener)
      reports.onBytes(shared.doneBytes)
      const { promise: stopped, reject } = Promise.withResolvers<never>()
      const leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([shared.result, stopped])
      } catch (error) {
        if (!signal.aborted) throw error
        shared.listeners.delete(listener)
        if (shared.listeners.size === 0) shared.stop.abort(signal.reason)
        // What came is on the disk when the caller hears that it stopped.
        if (shared.stop.signal.aborted) await shared.result.catch(() => undefined)
        throw error
      } finally {
        shared.listeners.delete(listener)
        signal.removeEventListener('abort', leave)
      }
    }
  }
}
