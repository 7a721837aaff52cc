// The threads that read shards, as functions: each reads one shard at a time.
import { InferenceError } from './inferenceError.ts'
import type { ReaderEvent, ReaderRequest } from './readerWorker.ts'
import type { FileReading } from './verifiedFile.ts'

/** Fills `memory` and gives it back. Throws InferenceError; the memory is gone then. */
export type ReadShard = (reading: FileReading, memory: ArrayBuffer) => Promise<ArrayBuffer>

export interface ShardReaders {
  readonly read: ReadShard
  close(): void
}

export interface ReaderPort {
  onmessage: ((event: MessageEvent<ReaderEvent>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: ReaderRequest, transfer: Transferable[]): void
  terminate(): void
}

/** Whoever calls `read` keeps to `count` at once; threads start when they are needed. */
export function openShardReaders(startReader: () => ReaderPort, arrived: (bytes: number) => void): ShardReaders {
  const idle: ReaderPort[] = []
  const all: ReaderPort[] = []
  const start = () => {
    const reader = startReader()
    all.push(reader)
    return reader
  }
  return {
    async read(reading, memory) {
      const reader = idle.pop() ?? start()
      const { promise, resolve, reject } = Promise.withResolvers<ArrayBuffer>()
      reader.onerror = ({ message }) =>
        reject(new InferenceError({ code: 'load-failed', detail: message || 'the thread that reads weights ended' }))
      reader.onmessage = ({ data }) => {
        switch (data.kind) {
          case 'arrived':
            return arrived(data.bytes)
          case 'done':
            return resolve(data.memory)
          case 'failed':
            return reject(new InferenceError(data.problem))
          default:
            return data satisfies never
        }
      }
      reader.postMessage({ reading, memory }, [memory])
      try {
        return await promise
      } finally {
        idle.push(reader)
      }
    },
    close() {
      for (const reader of all) reader.terminate()
      all.length = 0
      idle.length = 0
    },
  }
}
