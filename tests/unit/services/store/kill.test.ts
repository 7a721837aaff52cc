// A process that changes a models folder, which nobody else may then, is killed at random moments, again and again. After each time the folder must hold exactly the models whose
// installation was told to be done, each with the right bytes, and nothing that nobody knows. HEARTH_KILLS and HEARTH_SEED draw more and others.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { workFolder } from '../../../../electron/services/store/storePaths.ts'
import { verifyModel } from '../../../../electron/services/store/verify.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
import { randomSource } from '../../../support/random.ts'
import type { Change, Line } from '../../../support/storeWork.ts'

const script = fileURLToPath(new URL('../../../support/storeWork.ts', import.meta.url))
const kills = Number(process.env.HEARTH_KILLS ?? 60)
const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1e6)
/** Worked on at the same time: on the disk, where syncing takes its time, and in memory, where renames come thick and fast. */
const places = [tmpdir(), quickFolder]
const { signal } = new AbortController()

let folders: readonly string[] = []
beforeEach(() => {
  folders = places.map((place) => mkdtempSync(join(place, 'hearth-kill-')))
})
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** What was said, up to the kill. */
async function workUntilKilled(folder: string, workSeed: number, afterMs: number): Promise<readonly Line[]> {
  const child: ChildProcess = spawn(process.execPath, [script, folder, String(workSeed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'close')
  let text = ''
  const opened = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('"open"')) resolve()
    })
  })
  await Promise.race([opened, exited])
  await expect(createStore({ folder })).rejects.toMatchObject({ problem: { code: 'store-in-use' } })
  await wait(afterMs)
  child.kill('SIGKILL')
  const [code, killedBy] = await exited
  expect([code, killedBy]).toEqual([null, 'SIGKILL'])
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

/** Ids that must be installed, and those that may be: the change of the moment happened or not. */
function account(before: ReadonlySet<string>, lines: readonly Line[]) {
  const sure = new Set(before)
  const apply = (change: Change) => {
    if (change.kind === 'install') sure.add(change.id)
    if (change.kind === 'remove') sure.delete(change.id)
  }
  for (const line of lines) if (line.kind === 'end') apply(line.change)
  const last = lines.at(-1)
  const open = last?.kind === 'begin' ? last.change : null
  const unsure = open !== null && (open.kind === 'install' || open.kind === 'remove') ? open.id : null
  return { sure, unsure, open }
}

async function killAgainAndAgain(folder: string, firstSeed: number, times: number): Promise<Map<string, number>> {
  const random = randomSource(firstSeed)
  const interrupted = new Map<string, number>()
  let installed: ReadonlySet<string> = new Set()
  for (let time = 0; time < times; time++) {
    const lines = await workUntilKilled(folder, firstSeed + time, random() * 60)
    const { sure, unsure, open } = account(installed, lines)
    interrupted.set(open?.kind ?? 'between', (interrupted.get(open?.kind ?? 'between') ?? 0) + 1)
    const about = `seed ${firstSeed}, kill ${time}, in ${JSON.stringify(open)}`
    await using store = await createStore({ folder })
    const ids = new Set(store.models().map(({ manifest }) => manifest.id))
    const expected = new Set(sure)
    if (unsure !== null && ids.has(unsure)) expected.add(unsure)
    if (unsure !== null && !ids.has(unsure)) expected.delete(unsure)
    expect([about, [...ids].sort()]).toEqual([about, [...expected].sort()])
    for (const model of store.models()) {
      // What was withdrawn when the kill came is missing and known to be.
      const missing = new Set(store.repairPlan(model.key).map(({ file }) => file))
      const damage = (await verifyModel(store, model, () => {}, signal)).filter(({ file }) => !missing.has(file))
      expect([about, model.manifest.id, damage]).toEqual([about, model.manifest.id, []])
      if (open?.kind !== 'withdraw') expect([about, missing]).toEqual([about, new Set()])
      if (missing.size > 0) await store.remove(model.key)
    }
    expect([about, await store.strays(), readdirSync(workFolder(folder))]).toEqual([about, [], []])
    expect(store.database.prepare('SELECT count(*) AS rows FROM pending').get()).toEqual({ rows: 0 })
    expect(store.database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    installed = new Set(store.models().map(({ manifest }) => manifest.id))
  }
  return interrupted
}

test(
  'killed at any moment, the folder holds every model that was told to be there, whole, and nothing else',
  async () => {
    console.log(`seed ${seed}, ${kills} kills`)
    const each = Math.ceil(kills / folders.length)
    const runs = folders.map((folder, index) => killAgainAndAgain(folder, seed + index * 1_000_000, each))
    const interrupted = await Promise.all(runs)
    console.log(`interrupted: ${interrupted.map((kinds) => JSON.stringify(Object.fromEntries(kinds))).join(' ')}`)
    const changes = interrupted.flatMap((kinds) => [...kinds].map(([kind, count]) => (kind === 'between' ? 0 : count)))
    // Else the kills came too early or too late to mean anything.
    expect(changes.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(kills / 10)
  },
  60_000 + kills * 2000,
)
