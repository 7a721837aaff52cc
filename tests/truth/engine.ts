// A compiled case in unmodified web-llm, driven token by token: forwardTokensAndSample runs embed, prefill or decode and the sampling functions, and a
// LogitProcessor keeps the logits on their way.
import { loadEngine } from '../support/webLlm.ts'
import type { ExpectedLogits } from './cases.ts'
import { type Feeding, type ForwardEngine, type Measurement, measureCase } from './measure.ts'

export interface TruthJob {
  /** Names of the files of the model folder, read through `readFile`. */
  readonly files: readonly string[]
  readonly library: string
  readonly expected: ExpectedLogits
  readonly feedings: readonly Feeding[]
}

export async function runTruthJob(
  job: TruthJob,
  readFile: (name: string) => Promise<Uint8Array>,
): Promise<readonly Measurement[]> {
  const files = new Map<string, Uint8Array>()
  for (const name of job.files) files.set(name, await readFile(name))
  let last: Float32Array | undefined
  const engine = await loadEngine({
    files,
    library: await readFile(job.library),
    logitProcessor: {
      processLogits: (logits) => {
        last = logits.slice()
        return logits
      },
      processSampledToken: () => {},
      resetState: () => {},
    },
  })
  const forward: ForwardEngine = {
    reset: () => engine.resetChat(),
    forward: async (ids, isPrefill) => {
      last = undefined
      await engine.forwardTokensAndSample([...ids], isPrefill)
      if (last === undefined) throw new Error('web-llm passed no logits on')
      return last
    },
  }
  const measured: Measurement[] = []
  for (const feeding of job.feedings) measured.push(await measureCase(forward, job.expected, feeding))
  await engine.unload()
  return measured
}

/** In a page of the browser host: files are fetched from it. */
export function runTruthJobInPage(job: TruthJob): Promise<readonly Measurement[]> {
  return runTruthJob(job, async (name) => {
    const response = await fetch(`/files/${encodeURIComponent(name)}`)
    if (!response.ok) throw new Error(`${name}: ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  })
}
