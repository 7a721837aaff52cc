// Converts a checkpoint of at least 6 GB and tells the peak of resident memory and the throughput:
//   node tests/bench/memory.ts [gigabytes] [--gpt2] [--json]
// With --gpt2 it is PyTorch files of transposed matrices instead of Llama's in safetensors. The checkpoint is streamed from a formula, the model is written to a temporary folder on disk and removed. Exit code 1 above 1.5 GiB.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFolder, nodeHashers } from '../../electron/services/files.ts'
import { compileModel } from '../../shared/compiler/compile.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { virtualCheckpoint } from './virtualCheckpoint.ts'

const limitBytes = 1.5 * 2 ** 30
const json = process.argv.includes('--json')
const gigabytes = Number(process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 6)
const { source, weightBytes, weights } = virtualCheckpoint(
  gigabytes * 1e9,
  2e9,
  process.argv.includes('--gpt2') ? 'gpt2' : 'llama',
)
const runtime = new Uint8Array(await readFile(new URL('../../resources/runtime/hearth-runtime.wasm', import.meta.url)))
const root = await mkdtemp(join(tmpdir(), 'hearth-memory-'))
try {
  const startMs = performance.now()
  let weightsStartMs = startMs
  let weightsEndMs = startMs
  let told = 0
  await using sink = await createFolder(join(root, 'model'))
  const manifest = await compileModel(
    {
      source,
      sink,
      runtime,
      makeLibrary,
      hashers: nodeHashers,
      options: { format: 'q4f16_1', quantizer: roundToNearest, description: { id: 'bench/memory' } },
      onProgress: ({ step, doneBytes, totalBytes }) => {
        if (step === 'inputs') weightsStartMs = performance.now()
        weightsEndMs = performance.now()
        const percent = Math.floor((doneBytes / totalBytes) * 10) * 10
        if (percent > told && !json) console.log(`${percent} %, resident ${mebibytes(process.memoryUsage().rss)} MiB`)
        told = percent
      },
    },
    new AbortController().signal,
  )
  await sink.commit()
  await stat(join(root, 'model', 'hearth.json'))
  const seconds = (weightsEndMs - weightsStartMs) / 1000
  const peakBytes = process.resourceUsage().maxRSS * 1024
  const result = {
    checkpointBytes: weightBytes,
    weights,
    modelBytes: manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    shards: manifest.files.filter(({ name }) => name.startsWith('params_shard')).length,
    peakResidentBytes: peakBytes,
    limitBytes,
    convertSeconds: seconds,
    convertMegabytesPerSecond: weightBytes / 1e6 / seconds,
    totalSeconds: (performance.now() - startMs) / 1000,
  }
  if (json) console.log(JSON.stringify(result))
  else {
    console.log(
      `checkpoint ${(weightBytes / 1e9).toFixed(2)} GB, model ${(result.modelBytes / 1e9).toFixed(2)} GB in ${result.shards} shards`,
    )
    console.log(`peak resident ${mebibytes(peakBytes)} MiB of at most ${mebibytes(limitBytes)} MiB`)
    console.log(
      `converted at ${result.convertMegabytesPerSecond.toFixed(0)} MB/s (${seconds.toFixed(0)} s; ${result.totalSeconds.toFixed(0)} s with the hash of the inputs)`,
    )
  }
  process.exitCode = peakBytes < limitBytes ? 0 : 1
} finally {
  await rm(root, { recursive: true, force: true })
}

function mebibytes(sizeBytes: number): string {
  return (sizeBytes / 2 ** 20).toFixed(0)
}
