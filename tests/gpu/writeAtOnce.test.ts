// Models that write at the same time, page and workers, in Chromium: each writes what it writes alone, and what breaks ends its own run or, with the
// device, all of them.
import { afterEach, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../renderer/inference/engine.ts'
import { InferenceError } from '../../renderer/inference/inferenceError.ts'
import type { Prompt } from '../../renderer/inference/protocol.ts'
import type { ModelMeasurement } from '../../shared/hardware.ts'
import { type InstalledModel, modelManifest } from '../../shared/model.ts'
import type { Break } from '../support/breakingDevice.ts'
import { readRepositoryFile } from '../support/repositoryFile.ts'

const never = new AbortController().signal
const prompt: Prompt = { kind: 'completion', text: 'Once upon a time' }
const sampling = { temperature: 1, topP: 0.95, maxTokens: 24, seed: 9, fromEmptyCache: true }
const base = await bundled('base')
const models = [base, await bundled('instruct'), await bundled('chat')]

/** Its key is its variant here. */
async function bundled(key: string): Promise<InstalledModel> {
  const stored = await readRepositoryFile(`resources/models/tinystories-15m/${key}/hearth.json`)
  const manifest = modelManifest.parse(JSON.parse(new TextDecoder().decode(stored)))
  // As text the three differ in their words alone.
  return { key, bundled: true, manifest: { ...manifest, prompt: { kind: 'completion' } } }
}

let engine: Engine | null = null
afterEach(() => engine?.dispose())

/** The first so many of them, loaded; the worker of the second breaks as said. */
async function loaded(count: number, breaks: Break | null) {
  const asked = models.slice(0, count)
  const measurements: ModelMeasurement[] = []
  let started = 0
  const made = createEngine({
    startWorker: () => {
      const worker = new Worker(new URL('../support/pageWorker.ts', import.meta.url), { type: 'module' })
      started += 1
      if (started === 2 && breaks !== null) worker.postMessage(breaks)
      return worker
    },
    budgetBytes: () => Number.POSITIVE_INFINITY,
    measured: (measurement) => measurements.push(measurement),
    nowMs: () => 0,
  })
  engine = made
  const loadAll = async () => {
    const watcher = { adapter: () => {}, progress: () => {}, lost: () => {} }
    for (const model of asked) await made.load(model, watcher, never)
  }
  await loadAll()
  /** The text, or the code of the problem that ended it; `seen` gets the model's key with each word. */
  const write = async ({ key }: InstalledModel, seen: string[] = []): Promise<string> => {
    let text = ''
    try {
      for await (const event of made.generateWith(key, prompt, sampling, never)) {
        if (event.kind !== 'delta') continue
        text += event.text
        seen.push(key)
      }
      return text
    } catch (error) {
      if (error instanceof InferenceError) return error.problem.code
      throw error
    }
  }
  return {
    measurements,
    loadAll,
    write,
    writeAll: (seen?: string[]) => Promise.all(asked.map((one) => write(one, seen))),
  }
}

test('three models write at once what each writes alone, and no speed is kept of that', async () => {
  const { measurements, write, writeAll } = await loaded(3, null)
  const alone: string[] = []
  for (const model of models) alone.push(await write(model))
  expect(new Set(alone).size).toBe(3)
  expect(measurements.splice(0).filter(({ decodeTokensPerSecond }) => decodeTokensPerSecond !== null)).toHaveLength(3)
  const seen: string[] = []
  expect(await writeAll(seen)).toEqual(alone)
  // Each began before any other had ended.
  for (const { key } of models)
    for (const other of models) expect(seen.indexOf(key)).toBeLessThan(seen.lastIndexOf(other.key))
  expect(measurements.map(({ decodeTokensPerSecond }) => decodeTokensPerSecond)).toEqual([null, null, null])
})

test('an error that nobody catches in one worker ends its run only', async () => {
  const { write, writeAll } = await loaded(2, { kind: 'break', how: 'throw', at: 'delta', after: 3 })
  const [first, second] = await writeAll()
  expect(second).toBe('device-lost')
  expect(first).toBe(await write(base))
})

test('a device that is destroyed meanwhile ends all runs, and the models load again and write', async () => {
  const { loadAll, writeAll } = await loaded(2, { kind: 'break', how: 'destroy', at: 'delta', after: 3 })
  expect(await writeAll()).toEqual(['device-lost', 'device-lost'])
  await loadAll()
  const texts = await writeAll()
  expect(texts).not.toContain('device-lost')
  expect(new Set(texts).size).toBe(2)
})
