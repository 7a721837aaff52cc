// Compiles a reference case in memory, for one weight format and target, with a placeholder tokenizer: the cases are about logits and carry none.
import { readFile } from 'node:fs/promises'
import { nodeHashers, openFolder } from '../../electron/services/files.ts'
import type { ModelSource } from '../../shared/compiler/checkpoint/bytes.ts'
import { configFile } from '../../shared/compiler/checkpoint/config.ts'
import { compileModel } from '../../shared/compiler/compile.ts'
import type { WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import type { ModelManifest } from '../../shared/model.ts'
import { memorySink, memorySource } from '../support/memorySource.ts'
import type { ReferenceCase } from './cases.ts'

export interface CompiledCase {
  readonly manifest: ModelManifest
  readonly files: ReadonlyMap<string, Uint8Array>
}

const runtimeFile = new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url)

export async function compileCase(
  {
    name,
    folder,
    weightsFolder,
    vocabularySize,
  }: Pick<ReferenceCase, 'name' | 'folder' | 'weightsFolder' | 'vocabularySize'>,
  options: { readonly format: WeightFormat; readonly chunkTokens: number },
): Promise<CompiledCase> {
  await using configuration = await openFolder(folder)
  await using checkpoint = await openFolder(weightsFolder)
  const sink = memorySink()
  const manifest = await compileModel(
    {
      source: withTokenizer(withConfiguration(checkpoint, configuration), vocabularySize),
      sink,
      runtime: new Uint8Array(await readFile(runtimeFile)),
      makeLibrary,
      hashers: nodeHashers,
      options: {
        format: options.format,
        quantizer: roundToNearest,
        description: { id: `reference/${name}` },
        prefillChunkTokens: options.chunkTokens,
      },
    },
    new AbortController().signal,
  )
  // Plain arrays: Node's Buffers share their memory, and readers look at `.buffer`.
  return { manifest, files: new Map([...sink.files].map(([file, bytes]) => [file, new Uint8Array(bytes)])) }
}

function withConfiguration(checkpoint: ModelSource, configuration: ModelSource): ModelSource {
  const of = (name: string) => (name === configFile ? configuration : checkpoint)
  return {
    names: () => checkpoint.names(),
    open: (name) => of(name).open(name),
    sha256: (name, signal) => of(name).sha256(name, signal),
  }
}

/** The checkpoint, with a tokenizer that has a piece per id. */
function withTokenizer(checkpoint: ModelSource, vocabularySize: number): ModelSource {
  const vocab = Object.fromEntries(Array.from({ length: vocabularySize }, (_, id) => [`t${id}`, id]))
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: { type: 'BPE', vocab, merges: [] },
  }
  const own = memorySource({ 'tokenizer.json': JSON.stringify(tokenizer) })
  return {
    names: async () => [
      ...(await checkpoint.names()).filter((name) => !name.startsWith('tokenizer')),
      'tokenizer.json',
    ],
    open: (name) => (name === 'tokenizer.json' ? own : checkpoint).open(name),
    sha256: (name, signal) => (name === 'tokenizer.json' ? own : checkpoint).sha256(name, signal),
  }
}
