// npm run bench [-- --json] [-- --no-llama-cpp] [-- --slices [words]]: speed of the bundled model and of a 7B-shaped layer of each architecture in unmodified
// web-llm (--slices: of the layers alone, of those whose name has one of the words), each figure beside a limit that is measured in the same run. On a shared or software machine absolute times are noise; the ratios are what to compare.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { buildWhenStale } from '../../electron/launch/build.ts'
import { findChromium } from '../../electron/launch/chromium.ts'
import { chooseModel, listModels } from '../../electron/launch/models.ts'
import { hasHardwareAdapter } from '../../electron/services/adapter.ts'
import { nodeHashers } from '../../electron/services/files.ts'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { compileModel } from '../../shared/compiler/compile.ts'
import { decoderPlan } from '../../shared/compiler/graph/decoder.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import type { LibraryPlan } from '../../shared/compiler/library/plan.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../shared/compiler/quantize/search.ts'
import { type BrowserHost, openBrowserHost } from '../support/browserHost.ts'
import { bundledConfig, bundledFolder } from './bundled.ts'
import type { EngineSpeed, SpeedJob } from './engineSpeed.ts'
import { llamaCppSpeed } from './llamaCpp.ts'
import { layerSlice, libraryFile, type Slice, slices } from './slice.ts'
import { tokenTraffic } from './traffic.ts'
import { virtualCheckpoint } from './virtualCheckpoint.ts'

interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What it is measured against, in the same unit. */
  readonly limit?: { readonly name: string; readonly value: number }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const json = process.argv.includes('--json')
const say = (line: string) => process.stderr.write(`${line}\n`)
const figures: Figure[] = []

function add(what: string, value: number, unit: string, limit?: Figure['limit']): void {
  const figure = { what, value, unit, ...(limit === undefined ? {} : { limit }) }
  figures.push(figure)
  if (json) return
  const ratio =
    limit === undefined ? '' : `${(value / limit.value).toFixed(3)} of ${limit.name} (${short(limit.value)} ${unit})`
  console.log(`${what.padEnd(58)} ${short(value).padStart(9)} ${unit.padEnd(10)} ${ratio}`.trimEnd())
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

async function main(): Promise<void> {
  const runtime = new Uint8Array(
    await readFile(new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url)),
  )
  const onlySlices = process.argv.includes('--slices')
  if (!onlySlices) await compileThroughput(runtime)
  const hardware = hasHardwareAdapter()
  const files = new Map<string, Uint8Array>()
  const host = await openBrowserHost(root, {
    executablePath: await findChromium({ say }),
    flags: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--enable-unsafe-webgpu',
      ...(hardware ? [] : ['--use-webgpu-adapter=swiftshader']),
    ],
    files,
  })
  let bundled: EngineSpeed | null = null
  let adapter = ''
  try {
    if (!onlySlices) bundled = await bundledModel(host, files)
    for (const slice of chosenSlices()) ({ adapter } = await sliceSpeed(host, files, runtime, slice))
  } finally {
    await host.close()
  }
  if (bundled !== null) {
    await coldStart(bundled.loadMs)
    if (!process.argv.includes('--no-llama-cpp')) await llamaCpp()
  }
  if (json) console.log(JSON.stringify({ date: new Date().toISOString(), adapter, figures }))
}

function chosenSlices(): readonly Slice[] {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
  const matches = ({ repository }: Slice) => words.some((word) => repository.toLowerCase().includes(word.toLowerCase()))
  return words.length === 0 ? slices : slices.filter(matches)
}

/** Bytes of checkpoint per second, beside reading and hashing the same bytes. */
async function compileThroughput(runtime: Uint8Array): Promise<void> {
  const { source, weightBytes } = virtualCheckpoint(5e8, 1e9)
  const signal = new AbortController().signal
  const names = (await source.names()).filter((name) => name.endsWith('.safetensors'))
  const hashMs = await timed(async () => {
    for (const name of names) await source.sha256(name, signal)
  })
  const limit = { name: 'reading and hashing', value: weightBytes / 1e6 / (hashMs / 1000) }
  for (const quantizer of [roundToNearest, search]) {
    const ms = await timed(() =>
      compileModel(
        {
          source,
          sink: { write: async () => {} },
          runtime,
          makeLibrary,
          hashers: nodeHashers,
          options: { format: 'q4f16_1', quantizer, description: { id: 'bench/compile' } },
        },
        signal,
      ),
    )
    add(`compile to q4f16_1, ${quantizer.name}`, weightBytes / 1e6 / (ms / 1000), 'MB/s', limit)
  }
}

async function bundledModel(host: BrowserHost, files: Map<string, Uint8Array>): Promise<EngineSpeed> {
  const { manifest } = chooseModel(await listModels(), null)
  files.clear()
  const readMs = await timed(async () => {
    for (const { name } of manifest.files) {
      const bytes = new Uint8Array(await readFile(new URL(name, bundledFolder)))
      createHash('sha256').update(bytes).digest()
      files.set(name, bytes)
    }
  })
  const spec = llama.spec(bundledConfig)
  const rules = llama.weights(spec)
  const { contextTokens, prefillChunkTokens: chunkTokens, weightFormat: format } = manifest
  const speed = await speedOf(host, manifest.title, {
    plan: (target) => decoderPlan({ spec, rules, format, target, chunkTokens, contextTokens }),
    spec,
    rules,
    format,
    job: {
      files: manifest.files.map(({ name }) => name),
      libraries: manifest.libraries,
      vocabularySize: manifest.vocabularySize,
      promptTokens: 64,
      decodeTokens: 128,
    },
  })
  add(`${manifest.title}: load`, speed.loadMs, 'ms', { name: 'reading and hashing its files', value: readMs })
  return speed
}

async function sliceSpeed(
  host: BrowserHost,
  files: Map<string, Uint8Array>,
  runtime: Uint8Array,
  slice: Slice,
): Promise<EngineSpeed> {
  const { spec, rules, files: modelFiles } = await layerSlice(runtime, slice)
  files.clear()
  for (const [name, bytes] of modelFiles) files.set(name, bytes)
  const part = slice.expertShare === undefined ? '' : `, experts of ${slice.expertShare} the width`
  return speedOf(host, `${slice.repository}, ${slice.layers.length} of its layers${part}`, {
    plan: (target) => decoderPlan({ spec, rules, format: 'q4f16_1', target, chunkTokens: 128, contextTokens: 1024 }),
    spec,
    rules,
    format: 'q4f16_1',
    job: {
      files: [...files.keys()],
      libraries: { portable: libraryFile('portable'), half: libraryFile('half'), software: libraryFile('software') },
      vocabularySize: spec.vocabularySize,
      promptTokens: 32,
      decodeTokens: 8,
    },
  })
}

interface SpeedInput {
  readonly plan: (target: LibraryTarget) => LibraryPlan
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly format: WeightFormat
  readonly job: SpeedJob
}

async function speedOf(host: BrowserHost, name: string, input: SpeedInput): Promise<EngineSpeed> {
  const { job } = input
  const speed = await host.call<EngineSpeed>('tests/bench/engineSpeed.ts', 'measureSpeed', job)
  const { target } = speed
  const contextTokens = job.promptTokens + job.decodeTokens / 2
  const traffic = tokenTraffic(input.plan(target), { ...input, target }, contextTokens)
  const bytes = traffic.weightBytes + traffic.cacheBytes
  const bandwidth = { name: 'the bytes at copy bandwidth', value: speed.copyBytesPerSecond / bytes }
  add(`${name}: launches per decoded token`, traffic.launches, 'launches')
  add(`${name}: launches per layer and token`, traffic.launchesPerLayer, 'launches', {
    name: 'the most allowed',
    value: 6,
  })
  add(`${name}: bytes read per decoded token`, bytes / 1e6, 'MB')
  add(`${name}: copy kernel`, speed.copyBytesPerSecond / 1e9, 'GB/s')
  add(`${name}: decode (${target})`, speed.decodeTokensPerSecond, 'tokens/s', bandwidth)
  add(`${name}: prefill of ${job.promptTokens} (${target})`, speed.prefillTokensPerSecond, 'tokens/s', {
    name: 'reading the weights once at copy bandwidth',
    value: (job.promptTokens * speed.copyBytesPerSecond) / traffic.weightBytes,
  })
  return speed
}

async function llamaCpp(): Promise<void> {
  // For orientation only: what cannot be fetched is said and left out.
  const speed = await llamaCppSpeed({ say }).catch((error: unknown) => {
    say(`llama.cpp not measured: ${error instanceof Error ? error.message : String(error)}`)
    return null
  })
  if (speed === null) return
  const decode = figures.find(({ what }) => what.includes(': decode'))
  add('llama.cpp on the processor, same 4-bit values: decode', speed.decodeTokensPerSecond, 'tokens/s', {
    name: 'Hearth on this adapter',
    value: decode?.value ?? Number.NaN,
  })
}

/** From `hearth run` to the first text: Electron, web-llm, the model's load and the prompt included. */
async function coldStart(loadMs: number): Promise<void> {
  await buildWhenStale(say)
  const start = performance.now()
  const child = spawn(
    process.execPath,
    ['electron/launch/hearth.mjs', 'run', 'Once upon a time', '--max-tokens', '1', '--temperature', '0'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let firstMs: number | null = null
  for await (const _ of child.stdout) firstMs ??= performance.now() - start
  if (firstMs === null) throw new Error('hearth run printed nothing')
  add('cold start of the command line to the first token', firstMs, 'ms', {
    name: 'loading the model in a page that is there',
    value: loadMs,
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

await main()
