// Makes finished blocks last in batches: a call costs some milliseconds. What would have to come again after a crash stays within four blocks, those under
// way included.
import type { PartFile } from './partFile.ts'
import type { Clock } from './types.ts'

export const exposedBlocks = 4
const syncMs = 5000

export interface Saver {
  /** A block was recorded. Resolves once its connection may begin the next one. */
  saved(bytes: number): Promise<void>
  flush(): Promise<void>
}

export function createSaver(
  part: Pick<PartFile, 'sync'>,
  {
    clock,
    blockBytes,
    connections,
  }: { readonly clock: Clock; readonly blockBytes: number; readonly connections: number },
): Saver {
  const mostBytes = Math.max(exposedBlocks - connections, 0) * blockBytes
  let unsavedBytes = 0
  let savedMs = clock.now()
  const flush = async () => {
    unsavedBytes = 0
    savedMs = clock.now()
    await part.sync()
  }
  return {
    flush,
    async saved(bytes) {
      unsavedBytes += bytes
      if (unsavedBytes >= mostBytes || Math.abs(clock.now() - savedMs) >= syncMs) await flush()
    },
  }
}
