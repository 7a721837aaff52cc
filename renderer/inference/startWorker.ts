// Starts the inference worker. Trusted Types are asked for by the content security policy: the page's policy must be in place first.
import '../trustedTypes.ts'
import type { WorkerPort } from './engine.ts'

/** A new worker that has no model yet. */
export function startWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' })
}
