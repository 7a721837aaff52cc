// llama.cpp on the processor, through npm's node-llama-cpp, on the bundled model's own 4-bit values: for orientation. The package is big and only the
// bench wants it, so it is installed into .cache when asked for.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cacheFolder, type Say } from '../../electron/launch/subprocess.ts'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import { bundledConfig, bundledFolder } from './bundled.ts'
import { ggufModel } from './gguf.ts'

const version = '3.22.1'

/** The few calls of node-llama-cpp that are used. */
interface LlamaSequence {
  readonly evaluate: (tokens: readonly number[], options: object) => AsyncIterable<number>
}
interface LlamaContext {
  readonly getSequence: () => LlamaSequence
  readonly dispose: () => Promise<void>
}
interface LlamaModel {
  readonly createContext: (options: { readonly contextSize: number; readonly threads: number }) => Promise<LlamaContext>
}
interface LlamaCpp {
  readonly getLlama: (options: object) => Promise<{
    readonly loadModel: (options: { readonly modelPath: string }) => Promise<LlamaModel>
  }>
}

export async function llamaCppSpeed({
  say,
}: {
  readonly say: Say
}): Promise<{ readonly decodeTokensPerSecond: number }> {
  const { getLlama } = (await import(await installed(say))) as LlamaCpp
  const folder = await mkdtemp(join(tmpdir(), 'hearth-llama-'))
  try {
    const modelPath = join(folder, 'model.gguf')
    await writeFile(modelPath, await bundledGguf())
    const cpp = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: 'error' })
    const model = await cpp.loadModel({ modelPath })
    // Its threads wait by spinning: on a busy machine one is faster than all. The better of the two is told.
    const speeds: number[] = []
    for (const threads of [1, availableParallelism()]) {
      const context = await model.createContext({ contextSize: 256, threads })
      speeds.push(await decodeSpeed(context.getSequence()))
      await context.dispose()
    }
    return { decodeTokensPerSecond: Math.max(...speeds) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Tokens per second behind the first. */
async function decodeSpeed(sequence: LlamaSequence): Promise<number> {
  let count = 0
  let start = 0
  for await (const _ of sequence.evaluate([1, 9038, 2501, 263, 931], { temperature: 0, yieldEogToken: true })) {
    if (count++ === 0) start = performance.now()
    if (count === 129) break
  }
  return (count - 1) / ((performance.now() - start) / 1000)
}

async function installed(say: Say): Promise<string> {
  const folder = join(cacheFolder, `node-llama-cpp-${version}`)
  if (!existsSync(join(folder, 'node_modules', 'node-llama-cpp'))) {
    say(`Installing node-llama-cpp ${version} into .cache for the comparison`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
    const platform = `@node-llama-cpp/linux-x64@${version}`
    const packages = [
      `node-llama-cpp@${version}`,
      ...(process.platform === 'linux' && process.arch === 'x64' ? [platform] : []),
    ]
    execFileSync('npm', ['install', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', ...packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  }
  const require = createRequire(join(folder, 'package.json'))
  return pathToFileURL(require.resolve('node-llama-cpp')).href
}

async function bundledGguf(): Promise<Uint8Array> {
  const text = async (name: string) => JSON.parse(await readFile(new URL(name, bundledFolder), 'utf8')) as unknown
  const tokenizer = (await text('tokenizer.json')) as { readonly model: { readonly vocab: Record<string, number> } }
  const cache = (await text('tensor-cache.json')) as {
    readonly records: readonly {
      readonly dataPath: string
      readonly records: readonly { readonly name: string; readonly byteOffset: number; readonly nbytes: number }[]
    }[]
  }
  const stored = new Map<string, Uint8Array>()
  for (const { dataPath, records } of cache.records) {
    const shard = new Uint8Array(await readFile(new URL(dataPath, bundledFolder)))
    for (const { name, byteOffset, nbytes } of records)
      stored.set(name, shard.subarray(byteOffset, byteOffset + nbytes))
  }
  const pieces = Object.entries(tokenizer.model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([piece]) => piece)
  return ggufModel(llama.spec(bundledConfig), pieces, (name) => {
    const bytes = stored.get(name)
    if (bytes === undefined) throw new Error(`the bundled model holds no ${name}`)
    return bytes
  })
}
