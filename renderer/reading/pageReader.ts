// The one reader of a window, started when the first text is shown.
import { startReadingWorker } from '../inference/startWorker.ts'
import { createReader, type Reader } from './reader.ts'

let reader: Reader | null = null

/** Where there are no workers (a page without a browser), every text stays plain. */
const plainReader: Reader = { known: () => ({ kind: 'plain' }), read: async () => ({ kind: 'plain' }) }

export function pageReader(): Reader {
  if (typeof Worker === 'undefined') return plainReader
  reader ??= createReader({
    startWorker: startReadingWorker,
    after: (ms, call) => {
      const timer = setTimeout(call, ms)
      return () => clearTimeout(timer)
    },
  })
  return reader
}
