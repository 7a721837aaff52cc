// What the parts of the download engine tell each other.
import type { HubProblem } from '../../../shared/problems.ts'
import type { HubFile } from '../hub/files.ts'

export interface FileOfRepository {
  readonly id: string
  readonly commit: string
  readonly file: HubFile
}

export interface Block {
  readonly index: number
  readonly position: number
  readonly length: number
}

/** Time, as the engine uses it: a parameter, so that tests do not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when it is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** Watches one body: calls `stalled` when next to nothing came for as long as its maker bears. */
export type Watch = (stalled: () => void) => Watchdog

export interface Watchdog {
  came(bytes: number): void
  /** From now on until `resume` nothing is expected. */
  pause(): void
  resume(): void
  end(): void
}

export interface DownloadReports {
  /** Bytes of the file that are on the disk, in whatever order they came. */
  readonly onBytes: (doneBytes: number) => void
  /** Nothing moves for this reason until then. */
  readonly onWait: (waiting: { readonly problem: HubProblem; readonly untilMs: number }) => void
}

/** Every block of a file; the last one may be shorter. An empty file has none. */
export function blocksOf(sizeBytes: number, blockBytes: number): readonly Block[] {
  return Array.from({ length: Math.ceil(sizeBytes / blockBytes) }, (_, index) => {
    const position = index * blockBytes
    return { index, position, length: Math.min(blockBytes, sizeBytes - position) }
  })
}
