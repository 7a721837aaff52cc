// A process that is killed while it downloads loses at most four blocks and never leaves a wrong file. 100 kills, or HEARTH_KILLS of them.
import { expect, test } from 'vitest'
import { killDownloads, mostBlocks } from '../../../rigs/killDownload.ts'
import { randomSource } from '../../../support/random.ts'

const kills = Number(process.env.HEARTH_KILLS ?? 100)

test('killed at any time, a download goes on and ends with the right files', { timeout: 600_000 }, async () => {
  const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1e6)
  const report = await killDownloads(kills, randomSource(seed))
  console.log(`seed ${seed}: ${JSON.stringify(report)}`)
  expect(report).toMatchObject({ kills, wrongFiles: 0, disagreements: [] })
  expect(report.mostBlocksAgain).toBeLessThanOrEqual(mostBlocks)
})
