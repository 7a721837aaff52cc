// Compiles a checkpoint folder into a model folder on this disk. The model appears under its name as the last step, or not at all.
import { type CompileOptions, type CompileProgress, compileModel } from '../../shared/compiler/compile.ts'
import type { LibraryMaker } from '../../shared/compiler/makeLibrary.ts'
import type { ModelManifest } from '../../shared/model.ts'
import type { PromptChoice } from '../../shared/prompts/choosePrompt.ts'
import { createFolder, nodeHashers, openFolder } from './files.ts'

export interface CompileFolderRequest {
  /** Hugging Face folder. */
  readonly input: string
  /** Folder to be made; must not exist. */
  readonly output: string
  readonly options: CompileOptions
  readonly runtime: Uint8Array
  readonly makeLibrary: LibraryMaker
  readonly onProgress?: (progress: CompileProgress) => void
  readonly onPrompt?: (choice: PromptChoice) => void
}

/** Gives the manifest. Rejects with a CompileError on bad input; then, and when aborted, nothing is left of the output. */
export async function compileFolder(request: CompileFolderRequest, signal: AbortSignal): Promise<ModelManifest> {
  const { options, runtime, makeLibrary, onProgress, onPrompt } = request
  await using source = await openFolder(request.input)
  await using sink = await createFolder(request.output)
  const reports = { ...(onProgress && { onProgress }), ...(onPrompt && { onPrompt }) }
  const manifest = await compileModel(
    { source, sink, options, runtime, makeLibrary, hashers: nodeHashers, ...reports },
    signal,
  )
  signal.throwIfAborted()
  await sink.commit()
  return manifest
}
