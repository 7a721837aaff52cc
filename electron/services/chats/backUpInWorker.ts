// Has the day's copy made in a thread of its own.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BackupOrder, BackupOutcome } from './backupWorker.ts'

/** `url`: of backupWorker.ts, or of what it was bundled into. Never rejects. */
export async function backUpInWorker(url: URL, order: BackupOrder): Promise<BackupOutcome> {
  try {
    const worker = new Worker(url, { workerData: order })
    // The process may end meanwhile: the copy has no name until it is whole.
    worker.unref()
    const [outcome] = await once(worker, 'message')
    return outcome as BackupOutcome
  } catch (error) {
    return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}
