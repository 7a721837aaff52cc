// Killed at any time while it downloads, compiles or commits: no model is there, or one that equals, byte for byte, what an uninterrupted run makes. HEARTH_KILLS
// says how many times; the seed is fixed, the machine's timing is not.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type LocalHub, startLocalHub } from '../../../hub/localHub.ts'
import { installedModels, repositoryOf, temporaryHome } from '../../../support/installRig.ts'
import { randomSource } from '../../../support/random.ts'

const script = fileURLToPath(new URL('../../../support/installProcess.ts', import.meta.url))
const sharded = 'test/llama-bf16-sharded'
const kills = Number(process.env.HEARTH_KILLS ?? 50)

interface Running {
  readonly child: ChildProcess
  /** When the folder is open and the work begins. */
  readonly opened: Promise<unknown>
  readonly ended: Promise<number | null>
}

function start(home: string, hub: LocalHub): Running {
  const child = spawn(process.execPath, [script, home, hub.state.hubOrigin, sharded], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  return { child, ended, opened: Promise.race([once(lines, 'line'), ended]) }
}

async function modelsOf(home: string) {
  const names: readonly string[] = await readdir(join(home, 'models')).catch(() => [])
  return names.includes('store.db') ? await installedModels(home) : new Map()
}

test(
  `killed ${kills} times while it installs, it leaves no model or a whole one`,
  async () => {
    await using hub = await startLocalHub({
      repositories: [await repositoryOf('llama-bf16-sharded')],
      requestsLeft: 1e9,
    })
    const first = await temporaryHome()
    const undisturbed = start(first, hub)
    await undisturbed.opened
    const startMs = performance.now()
    expect(await undisturbed.ended).toBe(0)
    const usualMs = performance.now() - startMs
    const expected = await installedModels(first)
    expect(expected.size).toBe(1)
    await rm(first, { recursive: true })

    const next = randomSource(20_260_103)
    let home = await temporaryHome()
    let [killed, whole, kept] = [0, 0, 0]
    while (killed < kills) {
      const { child, opened, ended } = start(home, hub)
      await opened
      // Its work takes less the more of it was done before.
      const timer = setTimeout(() => child.kill('SIGKILL'), next() * usualMs)
      const code = await ended
      clearTimeout(timer)
      if (code === null) killed++
      const found = await modelsOf(home)
      if (found.size > 0) {
        expect(found).toEqual(expected)
        if (code === null) kept++
      }
      if (code === null) continue
      expect(code).toBe(0)
      expect(found.size).toBe(1)
      expect((await readdir(join(home, 'models', 'work'))).length).toBe(0)
      whole++
      await rm(home, { recursive: true })
      home = await temporaryHome()
    }
    await rm(home, { recursive: true })
    console.info(
      `${killed} kills, ${kept} of them with a whole model there; ${whole} installations ended by themselves`,
    )
  },
  300_000 + kills * 5000,
)
