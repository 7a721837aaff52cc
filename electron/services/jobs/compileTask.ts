// One compilation as data, and what it asks of whoever runs it: in a worker the answers come through a port (compileWorker.ts), else directly.
import { readFile } from 'node:fs/promises'
import { type CompileProgress, compileModel } from '../../../shared/compiler/compile.ts'
import type { Description } from '../../../shared/compiler/describe.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import type { Quantizer } from '../../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../../shared/compiler/quantize/search.ts'
import type { InstallRequest } from '../../../shared/jobs.ts'
import { nodeHashers } from '../files.ts'
import { type InputFile, type StreamingOptions, streamingSource } from './streamingSource.ts'

export interface CompileTask {
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

/** Writes the whole model; resolves once every input is verified. Rejects with CompileError or ServiceError. */
export async function runCompile(task: CompileTask, host: CompileHost, signal: AbortSignal): Promise<void> {
  await using source = streamingSource({ files: task.files, place: host.place, early: host.early })
  await compileModel(
    {
      source,
      sink: { write: host.write },
      options: {
        format: task.format,
        quantizer: quantizers[task.quantization],
        description: task.description,
        repository: task.repository,
        ...(task.contextTokens === null ? {} : { contextTokens: task.contextTokens }),
      },
      runtime: await readFile(task.runtimePath),
      makeLibrary,
      hashers: nodeHashers,
      onProgress: host.progress,
    },
    signal,
  )
  await source.settle(signal)
}
