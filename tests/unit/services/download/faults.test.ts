// Forty kinds of faults, each with several seeds: whatever happens, no wrong file appears, nothing hangs, the reason is of the right class, and the same
// download succeeds from what it kept once the fault is gone.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import { faultKinds } from '../../../hub/faults/index.ts'
import type { FaultVariant } from '../../../hub/faults/kinds.ts'
import { files } from '../../../hub/faults/repository.ts'
import { openRig } from '../../../hub/faults/rig.ts'
import { gitBlobId, sha256 } from '../../../hub/hubAnswer.ts'
import { randomSource } from '../../../support/random.ts'

const seedsOfKind = 5
const longestMs = 60_000
const baseSeed = Number(process.env.HEARTH_SEED ?? 1)

const played: string[] = []

interface Outcome {
  readonly came: string
  readonly wrongFiles: number
}

async function codeOf(work: Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const hang = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, longestMs, 'hangs')
  })
  const code = work.then(
    () => 'succeeds',
    (error: unknown) =>
      error instanceof HubError || error instanceof ServiceError ? error.problem.code : `a bug: ${String(error)}`,
  )
  return await Promise.race([code, hang]).finally(() => clearTimeout(timer))
}

/** Content whose name is not its hash. */
function wrongFiles(storeFolder: string): number {
  const folder = join(storeFolder, 'blobs')
  return readdirSync(folder).filter(
    (name) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex') !== name,
  ).length
}

async function play(variant: FaultVariant, seed: number): Promise<Outcome> {
  await using rig = await openRig(randomSource(seed))
  const { signal } = new AbortController()
  await variant.install(rig)
  const came = await codeOf(variant.run?.(rig, signal) ?? rig.pull(signal))
  variant.check?.(rig)
  const wrong = wrongFiles(rig.storeFolder)
  rig.heal()
  const again = await codeOf(rig.pull(signal))
  if (again !== 'succeeds') return { came: `${came}, and without the fault ${again}`, wrongFiles: wrong }
  for (const { bytes, large } of files) {
    const hash = { kind: large ? 'sha256' : 'git-blob', hex: large ? sha256(bytes) : gitBlobId(bytes) } as const
    const path = rig.realStore.blob(hash)?.path ?? ''
    if (!Buffer.from(readFileSync(path)).equals(bytes)) return { came: 'other bytes', wrongFiles: wrong + 1 }
  }
  return { came, wrongFiles: wrong + wrongFiles(rig.storeFolder) }
}

test('there are forty kinds, each once', () => {
  expect(faultKinds.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
})

test.each(faultKinds)('$number: $name', async ({ number, variants }) => {
  const runs = Array.from({ length: Math.max(seedsOfKind, variants.length) }, async (_, run) => {
    const variant = variants[run % variants.length]
    if (variant === undefined) throw new Error('no variant')
    const seed = baseSeed * 100_000 + number * 100 + run
    const outcome = await play(variant, seed).catch((error: unknown) => ({ came: String(error), wrongFiles: 0 }))
    played.push(outcome.came)
    expect({ variant: variant.name, seed, ...outcome }).toEqual({
      variant: variant.name,
      seed,
      came: variant.expected,
      wrongFiles: 0,
    })
  })
  await Promise.all(runs)
})

afterAll(() => {
  const counts = Object.entries(Object.groupBy(played, (came) => came)).map(([came, all]) => `${all?.length} ${came}`)
  console.log(`${played.length} runs from seed ${baseSeed}: ${counts.join(', ')}`)
})
