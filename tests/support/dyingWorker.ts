// A compile worker that ends in the middle, as one without memory does.
import { parentPort } from 'node:worker_threads'

parentPort?.postMessage({ kind: 'progress', progress: { step: 'weights', doneBytes: 1, totalBytes: 2 } })
setImmediate(() => process.exit(7))
