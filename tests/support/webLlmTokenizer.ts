// The tokenizer inside web-llm, which does not export it: its module is loaded with one more export.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readTokenizer } from '../../shared/compiler/tokenizer/readTokenizer.ts'
import { type MemoryFiles, memorySource } from './memorySource.ts'

export interface WebLlmTokenizer {
  encode(text: string): Int32Array
  decode(ids: Int32Array): string
  idToToken(id: number): string
  getVocabSize(): number
  dispose(): void
}
interface Tokenizers {
  readonly fromJSON: (json: ArrayBuffer) => Promise<WebLlmTokenizer>
  readonly fromSentencePiece: (model: ArrayBuffer) => Promise<WebLlmTokenizer>
}

const library = fileURLToPath(new URL('../../node_modules/@mlc-ai/web-llm/lib/index.js', import.meta.url))

let loaded: Promise<Tokenizers> | null = null
export async function webLlmTokenizers(): Promise<Tokenizers> {
  loaded ??= loadTokenizers()
  return await loaded
}

async function loadTokenizers(): Promise<Tokenizers> {
  const source = await readFile(library, 'utf8')
  const patched = source
    .replace(/\nexport \{ ARTIFACT/, '\nexport { libExports as tokenizers };\nexport { ARTIFACT')
    .replace(/\n\/\/# sourceMappingURL=.*/, '')
    .replaceAll('"MLC_DUMMY_PATH"', 'import.meta.url') // what its bundler left where the address of the module would stand
  if (!patched.includes('libExports as tokenizers')) throw new Error('web-llm: no export line to patch')
  // Below a folder of this name Vitest leaves the module to Node. Under Node the Emscripten part of it wants a createRequire.
  const root = await mkdtemp(join(tmpdir(), 'hearth-tokenizer-'))
  const folder = join(root, 'node_modules', 'web-llm-tokenizer')
  try {
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'index.mjs')
    await writeFile(file, `import { createRequire } from 'node:module'\n${patched}`)
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      tokenizers: { Tokenizer: Tokenizers }
    }
    return module.tokenizers.Tokenizer
  } finally {
    await rm(root, { recursive: true })
  }
}

/** The tokenizer of a checkpoint of these files, as the compiler stores it and web-llm loads it. `rows` = of the embedding. */
export async function checkpointTokenizer(files: MemoryFiles, rows: number): Promise<WebLlmTokenizer> {
  const { bytes } = await readTokenizer(memorySource(files), rows, new AbortController().signal)
  return await (await webLlmTokenizers()).fromJSON(Uint8Array.from(bytes).buffer)
}

/** A tokenizer.json as web-llm receives it. */
export function jsonBuffer(value: unknown): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(value)).buffer
}
