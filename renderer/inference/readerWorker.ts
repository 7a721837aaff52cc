// A thread that reads and checks shards for the inference worker: Chromium hashes on the thread that asks, and that one has the GPU to feed. Memory goes
// there and back with each shard, never copied.
import { problemOf } from './inferenceError.ts'
import type { Problem } from './protocol.ts'
import { type FileReading, readVerified, sha256 } from './verifiedFile.ts'

export interface ReaderRequest {
  readonly reading: FileReading
  /** As long as the file or longer. */
  readonly memory: ArrayBuffer
}

export type ReaderEvent =
  | { readonly kind: 'arrived'; readonly bytes: number }
  | { readonly kind: 'done'; readonly memory: ArrayBuffer }
  | { readonly kind: 'failed'; readonly problem: Problem }

/** Progress is told in pieces of this size. */
const toldBytes = 4 * 2 ** 20

const post = (event: ReaderEvent, transfer: Transferable[] = []) => self.postMessage(event, { transfer })

self.addEventListener('message', async ({ data: { reading, memory } }: MessageEvent<ReaderRequest>) => {
  let untoldBytes = 0
  const tell = () => {
    post({ kind: 'arrived', bytes: untoldBytes })
    untoldBytes = 0
  }
  try {
    await readVerified(reading, new Uint8Array(memory, 0, reading.file.sizeBytes), {
      fetch: (url, init) => fetch(url, init),
      sha256,
      arrived: (bytes) => {
        untoldBytes += bytes
        if (untoldBytes >= toldBytes) tell()
      },
    })
    tell()
    post({ kind: 'done', memory }, [memory])
  } catch (error) {
    post({ kind: 'failed', problem: problemOf(error, 'load-failed') })
  }
})
