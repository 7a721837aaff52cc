// Where the truth is measured: a Chromium page on the adapter Chromium finds (SwiftShader without a GPU), and Dawn in Node, whose lavapipe knows half
// precision and compiles kernels with barriers in a hundredth of SwiftShader's time.
import { fileURLToPath } from 'node:url'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { openBrowserHost } from '../support/browserHost.ts'
import { runTruthJob, type TruthJob } from './engine.ts'
import type { Measurement } from './measure.ts'
import type { TruthRunner } from './runTruth.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface OpenRunner extends TruthRunner, AsyncDisposable {}

export async function openChromiumRunner(
  executablePath: string,
  flags: readonly string[],
  targets: readonly LibraryTarget[],
): Promise<OpenRunner> {
  const files = new Map<string, Uint8Array>()
  const host = await openBrowserHost(root, { executablePath, flags, files })
  return {
    targets,
    async run(modelFiles, job: TruthJob) {
      files.clear()
      for (const [name, bytes] of modelFiles) files.set(name, bytes)
      return await host.call<readonly Measurement[]>('tests/truth/engine.ts', 'runTruthJobInPage', job)
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** The adapter of this Node process; it must have shader-f16. */
export function nodeRunner(): TruthRunner {
  return {
    targets: ['portable', 'half'],
    run: (files, job) =>
      runTruthJob(job, async (name) => {
        const bytes = files.get(name)
        if (bytes === undefined) throw new Error(`${name} is not part of the model`)
        return bytes
      }),
  }
}
