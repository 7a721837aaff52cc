// node tests/bench/swap.ts [--gigabytes 1]: how long a model of that size takes to load in the real app, cold and warm, beside reading the same bytes with
// `cat` and beside an upload of as many buffers of the same sizes to the GPU, all in one run. The file is in the page cache: the disk is not measured.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { capture } from '../../electron/launch/subprocess.ts'
import { writeBigModel } from '../support/bigModel.ts'
import { launchApp, temporaryFolder } from '../support/electronApp.ts'
import { readRuntime } from '../support/runtime.ts'

/** Notes in the page when the words about a load begin. */
const watchWords = `globalThis.words = new Map(); new MutationObserver(() => {
  const text = document.querySelector('.progress')?.textContent ?? ''
  const word = /^(Reading|Moving|Preparing)/.exec(text)?.[0]
  if (word !== undefined && !words.has(word)) words.set(word, performance.now())
}).observe(document.body, { subtree: true, childList: true, characterData: true })`
const weightsMs = `(words.get('Preparing') ?? 0) - Math.min(words.get('Reading') ?? Infinity, words.get('Moving') ?? Infinity)`

const at = process.argv.indexOf('--gigabytes')
const wantedBytes = (at < 0 ? 1 : Number(process.argv[at + 1])) * 1e9
const rounds = 3
const home = temporaryFolder()
try {
  const big = await writeBigModel(join(home, 'models/bench/big'), 'bench/big', await readRuntime(), wantedBytes)
  const uploads: number[] = []
  const cats: number[] = []
  const colds: number[] = []
  const weights: number[] = []
  const warms: number[] = []
  for (let round = 0; round < rounds; round++) {
    cats.push(await timeCat(big.shardFiles))
    await using running = await launchApp({ home })
    await chosen(running.page, 'TinyStories 15M')
    // The first upload of a process starts its GPU's memory; the second is the limit.
    await upload(running.page, big.parameterBytes.slice(0, 8))
    uploads.push(await upload(running.page, big.parameterBytes))
    const cold = await chosen(running.page, 'bench/big')
    colds.push(cold.wholeMs)
    weights.push(cold.weightsMs)
    await chosen(running.page, 'TinyStories 15M')
    warms.push((await chosen(running.page, 'bench/big')).wholeMs)
  }
  const [cat, uploaded] = [median(cats), median(uploads)]
  const line = (what: string, ms: number) =>
    console.log(
      `${what.padEnd(40)} ${ms.toFixed(0).padStart(7)} ms ${(big.weightsBytes / 1e6 / ms).toFixed(2).padStart(8)} GB/s ${(ms / cat).toFixed(2).padStart(8)} x cat ${(ms / uploaded).toFixed(2).padStart(6)} x upload`,
    )
  console.log(`${(big.weightsBytes / 1e9).toFixed(2)} GB in ${big.shardFiles.length} shards, medians of ${rounds}`)
  line('cat of the shards', cat)
  line('upload of the same buffers', uploaded)
  line('cold load: its weights', median(weights))
  line('cold load: all, with its programs', median(colds))
  line('warm swap', median(warms))
  console.log(JSON.stringify({ cats, uploads, weights, colds, warms }))
} finally {
  rmSync(home, { recursive: true, force: true })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

async function timeCat(files: readonly string[]): Promise<number> {
  const start = performance.now()
  await capture('sh', ['-c', 'cat "$@" > /dev/null', 'sh', ...files])
  return performance.now() - start
}

interface Chosen {
  /** From the choice of a family until the model can write. */
  readonly wholeMs: number
  /** From the first word about the weights until the first about the programs; 0 without either. */
  readonly weightsMs: number
}

async function chosen(page: Page, family: string): Promise<Chosen> {
  const select = page.getByRole('combobox', { name: 'Model family' })
  await select.waitFor({ timeout: 60_000 })
  await page.evaluate(watchWords)
  const start = performance.now()
  await select.selectOption(family)
  await page
    .locator('button:not([aria-disabled="true"])', { hasText: 'Continue' })
    .waitFor({ timeout: 600_000 })
    .catch(async (error: unknown) => {
      throw new Error(`${family}: ${await page.locator('.notices').textContent()}`, { cause: error })
    })
  const wholeMs = performance.now() - start
  return { wholeMs, weightsMs: Math.max(0, Number(await page.evaluate(weightsMs))) }
}

/** Into one buffer each, from memory of the page that is there already, as web-llm does it, but waiting only at the end. */
function upload(page: Page, sizes: readonly number[]): Promise<number> {
  return page.evaluate(async (sizesBytes) => {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    const device = await adapter?.requestDevice({
      requiredLimits: { maxBufferSize: adapter.limits.maxBufferSize },
    })
    if (device === undefined) throw new Error('no adapter')
    const source = new Uint8Array(Math.max(...sizesBytes))
    for (let byte = 0; byte < source.length; byte += 4096) source[byte] = byte
    const start = performance.now()
    for (const size of sizesBytes) {
      const buffer = device.createBuffer({ size, usage: 128 | 8 | 4 })
      device.queue.writeBuffer(buffer, 0, source, 0, size)
    }
    await device.queue.onSubmittedWorkDone()
    const elapsedMs = performance.now() - start
    device.destroy()
    return elapsedMs
  }, sizes)
}
