// HEARTH_KILLS=1000 makes it as many; 200 in the usual run.
import { expect, test } from 'vitest'
import { killChats } from '../../../rigs/killChats.ts'
import { randomSource } from '../../../support/random.ts'

const kills = Number(process.env.HEARTH_KILLS ?? 200)

test('killed at any moment, no acknowledged message or part is lost, and the file is sound', {
  timeout: kills * 6000,
}, async () => {
  const seed = Date.now() % 1_000_000
  console.info(`seed ${seed}, ${kills} kills`)
  const startMs = performance.now()
  const { lost, damage, ...report } = await killChats(kills, randomSource(seed))
  console.info(`${((performance.now() - startMs) / 1000).toFixed(1)} s: ${JSON.stringify(report)}`)
  expect(report.kills).toBe(kills)
  expect(lost).toEqual([])
  expect(damage).toEqual([])
})
