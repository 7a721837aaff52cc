// Has the copies looked after in a thread of its own.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { CopiesOrder, CopiesOutcome } from './keepCopies.ts'

/** `url`: of backupWorker.ts, or of what it was bundled into. Never rejects. */
export async function backUpInWorker(url: URL, order: CopiesOrder): Promise<CopiesOutcome> {
  try {
    const worker = new Worker(url, { workerData: order })
    // The process may end meanwhile: the copy has no name until it is whole.
    worker.unref()
    const [outcome] = await once(worker, 'message')
    return outcome as CopiesOutcome
  } catch (error) {
    return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}
