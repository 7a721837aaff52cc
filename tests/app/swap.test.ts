// Changing models in real Electron: the bundled family stays in memory, so that going back loads nothing; a damaged model is refused by file and block and
// takes nobody with it.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { rootFolder } from '../../electron/launch/subprocess.ts'
import { fileBlockBytes, type ModelManifest, manifestFileName } from '../../shared/model.ts'
import { writeBigModel } from '../support/bigModel.ts'
import { launchApp, temporaryFolder } from '../support/electronApp.ts'
import { readRuntime } from '../support/runtime.ts'
import { inferenceWorkers, nameOf } from '../support/workers.ts'

/** Something can be sent also while the model loads: it waits. Here the model itself has to be ready. */
const ready = (page: Page, model: string) =>
  page.getByRole('button', { name: new RegExp(`In use: ${model}, ready$`) }).waitFor({ timeout: 120_000 })

/** Chooses a variant and waits until its model is ready. */
async function choose(page: Page, variant: string): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${variant}:`, 'i') }).click()
  await ready(page, `TinyStories 15M ${variant}`)
}

/** Flips one bit of a file, whose size stays. */
function damage(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

test('base, instruct, chat and back: three workers, and the second visit starts none', async () => {
  await using running = await launchApp()
  const { page } = running
  await ready(page, 'TinyStories 15M base')
  await choose(page, 'instruct')
  await choose(page, 'chat')
  const workers = await inferenceWorkers(page)
  expect(workers).toHaveLength(3)
  await choose(page, 'base')
  await choose(page, 'chat')
  await choose(page, 'base')
  // The same ones: none was started for a second visit.
  const later = await inferenceWorkers(page)
  expect([later.length, later.every((worker) => workers.includes(worker))]).toEqual([3, true])
  await page.keyboard.press('Alt+p')
  await page.getByRole('slider', { name: 'Length' }).fill('8')
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await page.getByText(/8 tokens, length reached/).waitFor({ timeout: 60_000 })
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

test('a small and a large damaged file are refused by name and block; the others go on', async () => {
  const home = temporaryFolder()
  try {
    const copy = join(home, 'models/copied/base')
    cpSync(join(rootFolder, 'resources/models/tinystories-15m/base'), copy, { recursive: true })
    const manifest = JSON.parse(readFileSync(join(copy, manifestFileName), 'utf8')) as ModelManifest
    const small = { ...manifest, id: 'copied/base', family: 'Small damage' }
    writeFileSync(join(copy, manifestFileName), JSON.stringify(small))
    damage(join(copy, 'params_shard_0.bin'), 1_000_000)
    const folder = join(home, 'models/big/base')
    const { shardFiles } = await writeBigModel(folder, 'big/base', await readRuntime(), 1)
    damage(shardFiles[0] ?? '', 2 * fileBlockBytes + 77)

    await using running = await launchApp({ home })
    const { page } = running
    await ready(page, 'TinyStories 15M base')
    const family = page.getByRole('combobox', { name: 'Model family' })
    const alert = page.getByRole('alert')
    await family.selectOption('Small damage')
    await alert.filter({ hasText: 'params_shard_0.bin, block 0' }).waitFor({ timeout: 60_000 })
    await family.selectOption('big/base')
    await alert.filter({ hasText: 'params_shard_0.bin, block 2' }).waitFor({ timeout: 60_000 })
    expect(await page.getByRole('button', { name: 'Repair' }).isEnabled()).toBe(true)
    const started: Promise<string>[] = []
    // The one that measures the adapter starts again as soon as a model is ready.
    page.on('worker', (worker) => started.push(nameOf(worker)))
    await family.selectOption('TinyStories 15M')
    await ready(page, 'TinyStories 15M base')
    expect(await Promise.all(started)).not.toContain('inference')
    expect(running.console.filter((line) => /^pageerror/.test(line))).toEqual([])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
