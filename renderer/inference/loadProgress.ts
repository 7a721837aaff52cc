// The stages of a load, from what web-llm and the reader of the files tell: web-llm counts shards on the GPU to 1 and then programs from 0, without saying
// which.
import type { LoadProgress, LoadStep } from './protocol.ts'

export interface ProgressReport {
  /** The library and web-llm itself are on their way. */
  begun(): void
  /** More bytes of weights have arrived from the disk. */
  read(bytes: number): void
  /** web-llm's own fraction. */
  counted(fraction: number): void
}

/** Reading tells of every few kilobytes; the window shows no more than this. */
const intervalMs = 100

/** Reports changes, those within a step at most ten times a second; `totalBytes` of weights are to come. */
export function reportProgress(totalBytes: number, report: (progress: LoadProgress) => void): ProgressReport {
  const startedMs = performance.now()
  let readBytes = 0
  let uploadedBytes = 0
  let uploaded = false
  let told: { readonly step: LoadStep; readonly atMs: number } | null = null
  const tell = (step: LoadStep, fraction: number, doneBytes: number) => {
    const atMs = performance.now()
    if (told?.step === step && atMs - told.atMs < intervalMs) return
    told = { step, atMs }
    report({ step, fraction, doneBytes, totalBytes, elapsedMs: atMs - startedMs })
  }
  const tellWeights = () => {
    const reading = readBytes < totalBytes
    const doneBytes = reading ? readBytes : uploadedBytes
    tell(reading ? 'reading' : 'uploading', totalBytes === 0 ? 0 : doneBytes / totalBytes, doneBytes)
  }
  return {
    begun: () => tell('library', 0, 0),
    read(bytes) {
      readBytes = Math.min(totalBytes, readBytes + bytes)
      if (!uploaded) tellWeights()
    },
    counted(fraction) {
      if (uploaded) return tell('programs', fraction, totalBytes)
      uploadedBytes = Math.round(fraction * totalBytes)
      if (fraction < 1) return tellWeights()
      uploaded = true
      tell('programs', 0, totalBytes)
    },
  }
}
