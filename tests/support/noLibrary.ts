// Stands in for the compiler's last step where a test is about the others.
import type { LibraryMaker } from '../../shared/compiler/makeLibrary.ts'

/** Four bytes that are no library, of a model that takes no memory. */
export const noLibrary: LibraryMaker = () => ({
  bytes: new Uint8Array(4),
  memory: { weightsBytes: 0, cacheBytes: 0, workingBytes: 0 },
  needs: { cacheBytes: 0, workingBytes: 0, cacheBytesPerToken: 0, largestBufferBytes: 0, readBytesPerToken: 0 },
})
