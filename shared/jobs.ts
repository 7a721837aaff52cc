// Long work on models: what can be asked for, and what it looks like while it goes on. Jobs outlive the window and the app: the queue is on the disk.
import { z } from 'zod'
import type { ServiceProblem } from './problems.ts'

const repository = z.string().min(1).max(400)

/** Where a model is made from. */
export const installSource = z.discriminatedUnion('kind', [
  /** The original checkpoint, publisher/name or a page's address: downloaded, verified and compiled here. */
  z.strictObject({ kind: z.literal('checkpoint'), repository }),
  /** Weights in MLC's form: a third of the bytes; only the library is made here. */
  z.strictObject({ kind: z.literal('ready'), repository }),
  /** A folder of this computer, read in place: a checkpoint or weights in MLC's form. The token was given out for a folder a person chose. */
  z.strictObject({ kind: z.literal('folder'), token: z.uuid() }),
])

export const installRequest = z.strictObject({
  source: installSource,
  /** Of a checkpoint; ready-made weights have theirs. */
  format: z.enum(['q4f16_1', 'q4f32_1', 'q0f32', 'q0f16']),
  quantization: z.enum(['round-to-nearest', 'search']),
  /** At most; null takes what the compiler usually takes. */
  contextTokens: z.number().int().min(128).max(1_048_576).nullable(),
  /** The checkpoint's files stay beside the model, for compiling in another format later. */
  keepCheckpoint: z.boolean(),
})
export type InstallRequest = z.infer<typeof installRequest>
export type InstallSource = z.infer<typeof installSource>

export type JobKind = 'install' | 'verify' | 'repair' | 'move'

/** A job that was cancelled is gone. `failed` can be resumed, which tries again from what is on the disk. */
export type JobState = 'waiting' | 'running' | 'paused' | 'failed' | 'done'

/** What it does now. `compiling` may go on beside `downloading`: then both fractions move. */
export type JobStage = 'resolving' | 'downloading' | 'compiling' | 'checking' | 'installing' | 'moving'

export interface JobFile {
  readonly name: string
  readonly sizeBytes: number
  readonly doneBytes: number
  readonly isVerified: boolean
}

export interface Job {
  readonly id: string
  readonly kind: JobKind
  /** publisher/name, or a folder's name. */
  readonly title: string
  readonly state: JobState
  readonly stage: JobStage
  /** Of the stage's bytes. Total null while it is not known. */
  readonly doneBytes: number
  readonly totalBytes: number | null
  /** Over the last seconds; null while nothing moves. */
  readonly speedBytesPerSecond: number | null
  readonly remainingMs: number | null
  /** 0 to 1; null before compiling began. */
  readonly compileFraction: number | null
  readonly files: readonly JobFile[]
  /** Why nothing moves although it runs, and when it goes on by itself. */
  readonly waiting: { readonly problem: ServiceProblem; readonly untilMs: number } | null
  /** Of a failed job. */
  readonly problem: ServiceProblem | null
  /** Of a finished installation: which model. */
  readonly modelKey: string | null
}

export const jobMove = z.strictObject({ id: z.uuid(), to: z.enum(['up', 'down', 'first', 'last']) })
export const jobId = z.strictObject({ id: z.uuid() })
