// One compilation as data, and what it asks of whoever runs it: in a worker the answers come through a port (compileWorker.ts), else directly.
import { readFile } from 'node:fs/promises'
import { type CompileProgress, compileModel } from '../../../shared/compiler/compile.ts'
import type { Description } from '../../../shared/compiler/describe.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import type { Quantizer } from '../../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../../shared/compiler/quantize/search.ts'
import { makeReady, type ReadyRequest } from '../../../shared/compiler/ready/makeReady.ts'
import type { InstallRequest } from '../../../shared/jobs.ts'
import type { StoredFile } from '../../../shared/model.ts'
import { nodeHashers } from '../files.ts'
import { type InputFile, type StreamingOptions, streamingSource } from './streamingSource.ts'

export interface CompileTask {
  /** checkpoint: weights are converted. ready: weights in MLC's form are used as they are, and only the libraries are made. */
  readonly form: 'checkpoint' | 'ready'
  readonly files: readonly InputFile[]
  readonly format: WeightFormat
  readonly quantization: InstallRequest['quantization']
  readonly description: Partial<Description> & Pick<Description, 'id'>
  /** publisher/name or the folder's name. */
  readonly repository: string
  readonly contextTokens: number | null
  /** Of hearth-runtime.wasm. */
  readonly runtimePath: string
}

export interface CompileHost extends Pick<StreamingOptions, 'place' | 'early'> {
  /** Of the model in the making. */
  readonly write: (name: string, chunk: Uint8Array, signal: AbortSignal) => Promise<void>
  readonly progress: (progress: CompileProgress) => void
}

const quantizers: Readonly<Record<InstallRequest['quantization'], Quantizer>> = {
  'round-to-nearest': roundToNearest,
  search,
}

/**
 * Writes the model but for the files of the source that it uses as they are, which it gives: none of a checkpoint. Resolves once every input is verified.
 * Rejects with CompileError or ServiceError.
 */
export async function runCompile(
  task: CompileTask,
  host: CompileHost,
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  await using source = streamingSource({ files: task.files, place: host.place, early: host.early })
  const runtime = await readFile(task.runtimePath)
  const common = { source, sink: { write: host.write }, runtime, makeLibrary, hashers: nodeHashers }
  const used = await (task.form === 'checkpoint' ? compileCheckpoint : useReady)(task, common, host, signal)
  await source.settle(signal)
  return used
}

type Common = Pick<ReadyRequest, 'source' | 'sink' | 'runtime' | 'makeLibrary' | 'hashers'>

async function compileCheckpoint(task: CompileTask, common: Common, host: CompileHost, signal: AbortSignal) {
  const { format, quantization, description, repository, contextTokens } = task
  const options = {
    format,
    quantizer: quantizers[quantization],
    description,
    repository,
    ...(contextTokens === null ? {} : { contextTokens }),
  }
  await compileModel({ ...common, options, onProgress: host.progress }, signal)
  return []
}

async function useReady(task: CompileTask, common: Common, host: CompileHost, signal: AbortSignal) {
  const { description, repository, contextTokens } = task
  const totalBytes = task.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let doneBytes = 0
  const onBytes = (sizeBytes: number) => {
    doneBytes += sizeBytes
    host.progress({ step: 'inputs', doneBytes, totalBytes })
  }
  const { used } = await makeReady({ ...common, description, repository, contextTokens, onBytes }, signal)
  host.progress({ step: 'libraries', doneBytes: totalBytes, totalBytes })
  return used
}
