// `hearth compile`: the compiler on a folder of this computer, with progress on stderr.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import type { Quantizer } from '../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../shared/compiler/quantize/search.ts'
import { promptReasonText } from '../../shared/prompts/promptReason.ts'
import { compileFolder } from '../services/compile.ts'
import { modelName, repositoryOf } from '../services/folderName.ts'
import type { CompileOptions } from './arguments.ts'
import type { quantizations } from './modelArguments.ts'
import { createProgress } from './progress.ts'
import { LaunchError, rootFolder } from './subprocess.ts'
import type { Terminal } from './terminal.ts'

const quantizers: Readonly<Record<(typeof quantizations)[number], Quantizer>> = {
  'round-to-nearest': roundToNearest,
  search,
}

/** Compiles; resolves to 0. Rejects with the compiler's one-sentence error, and then leaves nothing behind. */
export async function compile(options: CompileOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const output = resolve(options.target)
  if (existsSync(output)) throw new LaunchError(`${options.target} exists already; name a folder that does not`)
  const progress = createProgress(terminal)
  const startMs = performance.now()
  try {
    const manifest = await compileFolder(
      {
        input: resolve(options.source),
        output,
        options: {
          format: options.format,
          quantizer: quantizers[options.quantization ?? 'search'],
          description: { id: options.id ?? `local/${modelName(output)}` },
          repository: repositoryOf(resolve(options.source)),
          ...(options.prompt && { prompt: options.prompt }),
        },
        runtime: readFileSync(join(rootFolder, 'resources', 'runtime', 'hearth-runtime.wasm')),
        makeLibrary,
        onProgress: progress.report,
        onPrompt: ({ template, reason }) =>
          terminal.say(`prompt: ${template?.name ?? 'none'} (${promptReasonText(reason)})`),
      },
      signal,
    )
    progress.end()
    const sizeMB = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0) / 1_000_000
    const seconds = (performance.now() - startMs) / 1000
    terminal.say(`${manifest.id}: ${sizeMB.toFixed(1)} MB in ${seconds.toFixed(1)} s, in ${options.target}`)
    return 0
  } finally {
    progress.end()
  }
}
