// What happens when the process of the page ends, when the page moves within itself, and when Hearth cannot start.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collectReports, launchApp, runArgument, spawnApp, temporaryFolder } from '../support/electronApp.ts'

const request = { modelId: 'nobody/nothing', prompt: 'x', maxTokens: 1, temperature: 0, topP: 1, seed: 1 }

test('a page whose process ended is loaded again, three times; then a person is asked', async () => {
  await using running = await launchApp()
  const seen = await running.app.evaluate(async ({ BrowserWindow, dialog }) => {
    const window = BrowserWindow.getAllWindows()[0]
    if (window === undefined) return []
    const events: string[] = []
    dialog.showMessageBox = async () => {
      events.push('asked')
      return { response: 0, checkboxChecked: false }
    }
    const { webContents } = window
    for (let time = 0; time < 4; time += 1) {
      // The load before may still end while the process is being killed: only what ends after the process counts.
      await new Promise<void>((resolve) => {
        webContents.once('render-process-gone', () => webContents.once('did-finish-load', () => resolve()))
        webContents.forcefullyCrashRenderer()
      })
      events.push('loaded')
    }
    return events
  })
  expect(seen).toEqual(['loaded', 'loaded', 'loaded', 'asked', 'loaded'])
})

test('after a move to a place within the page, requests are answered and it can be loaded again', async () => {
  await using running = await launchApp()
  const { page } = running
  const ask = () =>
    page.evaluate(() =>
      (Reflect.get(globalThis, 'hearth') as Record<string, () => Promise<{ ok: boolean }>>)['app.startup']?.(),
    )
  await page.evaluate(() => {
    location.hash = 'place'
  })
  expect(await ask()).toMatchObject({ ok: true })
  await page.reload()
  expect(await ask()).toMatchObject({ ok: true })
})

test('a command that cannot have its data folder fails with a report and does not wait', async () => {
  const home = temporaryFolder()
  try {
    // A file where the folder should be: not even root can make it.
    writeFileSync(join(home, 'run'), '')
    const { exitCode, reports } = await collectReports(await spawnApp(home, { arguments: [runArgument(request)] }))
    expect(exitCode).toBe(1)
    expect(reports).toEqual([
      { kind: 'failed', message: expect.stringMatching(/cannot write to its data folder: EEXIST/) },
    ])
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('a window closes although its place cannot be kept', async () => {
  const home = temporaryFolder()
  try {
    const running = await launchApp({ home })
    // A folder where the file should be.
    rmSync(join(home, 'settings.json'), { force: true })
    mkdirSync(join(home, 'settings.json', 'full'), { recursive: true })
    const closed = running.app.waitForEvent('close')
    // Answered before it closes: with the window goes the app, and who asked would not hear.
    await running.app.evaluate(({ BrowserWindow }) => {
      setImmediate(() => BrowserWindow.getAllWindows()[0]?.close())
    })
    await closed
  } finally {
    rmSync(home, { recursive: true })
  }
})
