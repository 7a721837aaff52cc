// `npm test`: types, lint, then the test tiers from the quickest to the slowest, up to the first failure, and one table at the end. Named tiers run
// alone: `test.mjs unit tests/unit/x.test.ts` passes what follows the name on to vitest.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { buildWhenStale } from './build.ts'
import { findChromium } from './chromium.ts'
import { provideHalfPrecision } from './halfPrecision.ts'
import { prepareRuntime } from './runtime.ts'
import { cacheFolder, LaunchError, passThrough, rootFolder, type Say } from './subprocess.ts'
import { joined, summary, type TierResult } from './testSummary.ts'

const say: Say = (line) => process.stdout.write(`${line}\n`)
const tiers = ['types', 'lint', 'unit', 'ui', 'gpu', 'half', 'truth', 'app'] as const
type Tier = (typeof tiers)[number]

/** Prepares what each tier needs and runs it; resolves to 0 when all passed, 1 at the first failure, 2 for an unknown tier. */
export async function main(args: readonly string[]): Promise<number> {
  const chosen = args[0]
  if (chosen !== undefined && !isTier(chosen)) {
    process.stderr.write(`hearth: no test tier ${chosen}; there are ${tiers.join(', ')}\n`)
    return 2
  }
  const results: TierResult[] = []
  let interrupted = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted = true
    })
  }
  for (const tier of chosen === undefined ? tiers : [chosen]) {
    const failed = interrupted || results.some(({ outcome }) => outcome === 'failed')
    results.push(failed ? { tier, outcome: 'not run' } : await runTier(tier, args.slice(1)))
  }
  process.stdout.write(summary(results))
  if (interrupted) return 130
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

async function runTier(tier: Tier, more: readonly string[]): Promise<TierResult> {
  say(`\n--- ${tier}`)
  const startMs = performance.now()
  try {
    const outcome = await outcomeOf(tier, more)
    return { tier, ...outcome, elapsedMs: performance.now() - startMs }
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    process.stderr.write(`hearth: ${error.message}\n`)
    return { tier, outcome: 'failed', reason: error.message, elapsedMs: performance.now() - startMs }
  }
}

type Outcome = Omit<TierResult, 'tier'>

async function outcomeOf(tier: Tier, more: readonly string[]): Promise<Outcome> {
  switch (tier) {
    case 'types':
      return judged(await tool('typescript/bin/tsc', ['-b', ...more]))
    case 'lint':
      return judged(await tool('@biomejs/biome/bin/biome', ['check', '.', ...more]))
    case 'unit':
    case 'ui':
      return vitest(tier, more)
    case 'gpu':
      return gpuTier(more, { HEARTH_CHROMIUM: await findChromium({ say }) })
    case 'half': {
      const adapter = await provideHalfPrecision({ say })
      if (adapter.kind === 'available') return vitest(tier, more, adapter.env)
      say(`Skipped: ${adapter.reason}`)
      return { outcome: 'skipped', reason: adapter.reason }
    }
    case 'truth':
      return judged(await script(join('tests', 'truth', 'main.ts'), more))
    case 'app': {
      await buildWhenStale(say)
      const runtime = await prepareRuntime({ say })
      try {
        return await vitest(tier, more, runtime.env)
      } finally {
        await runtime.dispose()
      }
    }
    default:
      return tier satisfies never
  }
}

/**
 * In two halves at once, each with a browser of its own: SwiftShader compiles the programs of a browser on one thread, whatever number of pages it has, and
 * compiling is most of what the tier does.
 */
async function gpuTier(more: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  if (more.length > 0 || availableParallelism() < 2) return vitest('gpu', more, env)
  const parts = await Promise.all(
    [1, 2].map((part) => vitest('gpu', [`--shard=${part}/2`], { ...env, HEARTH_GPU_PART: `${part}` }, `gpu-${part}`)),
  )
  return joined(parts)
}

/** Runs one project of vitest.config.ts and counts its tests from vitest's own report. */
async function vitest(
  tier: Tier,
  more: readonly string[],
  env: NodeJS.ProcessEnv = {},
  name: string = tier,
): Promise<Outcome> {
  const report = join(cacheFolder, 'tests', `${name}.json`)
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await tool('vitest/vitest.mjs', ['run', '--project', tier, ...reporters, ...more], env)
  return { ...judged(code), ...countTests(report) }
}

function countTests(report: string): Pick<TierResult, 'passed' | 'failed' | 'skipped'> {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
    return {
      passed: counts.numPassedTests ?? 0,
      failed: counts.numFailedTests ?? 0,
      skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
    }
  } catch {
    // vitest ended before it could write: the exit code tells the rest.
    return {}
  }
}

function tool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return script(join('node_modules', name), args, env)
}

/** Runs a program of this checkout on this Node, which is also the `node` its children find. */
async function script(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`
  return passThrough(process.execPath, [join(rootFolder, file), ...args], {
    cwd: rootFolder,
    env: { ...process.env, PATH: path, ...env },
  })
}

function judged(code: number): { readonly outcome: 'passed' | 'failed' } {
  return { outcome: code === 0 ? 'passed' : 'failed' }
}

function isTier(name: string): name is Tier {
  return tiers.some((tier) => tier === name)
}
