// How the app starts and ends: its window, its place, one process per data folder, commands beside it, and what its command line says.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { switchesFor } from '../../electron/switches.ts'
import {
  collectReports,
  launchApp,
  prepareApp,
  runArgument,
  spawnApp,
  temporaryFolder,
} from '../support/electronApp.ts'
import { canBecomeSomebody, somebody } from '../support/somebody.ts'

const request = { modelId: 'nobody/nothing', prompt: 'x', maxTokens: 1, temperature: 0, topP: 1, seed: 1 }

describe('the window', () => {
  test('opens with the colour of the page, keeps its preferences locked and says its name', async () => {
    await using running = await launchApp()
    const found = await running.app.evaluate(async ({ app, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]
      // Missing from Electron's types.
      const preferences: object = Reflect.get(window?.webContents ?? {}, 'getLastWebPreferences').call(
        window?.webContents,
      )
      const pick = [
        'contextIsolation',
        'sandbox',
        'nodeIntegration',
        'nodeIntegrationInSubFrames',
        'webviewTag',
        'webSecurity',
        'allowRunningInsecureContent',
        'experimentalFeatures',
        'enableBlinkFeatures',
      ]
      return {
        name: app.getName(),
        count: BrowserWindow.getAllWindows().length,
        preferences: Object.fromEntries(pick.map((name) => [name, Reflect.get(preferences, name) ?? null])),
      }
    })
    expect(found).toEqual({
      name: 'Hearth',
      count: 1,
      preferences: {
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        enableBlinkFeatures: '',
      },
    })
    const [painted, behind] = await Promise.all([
      running.page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor() ?? ''),
    ])
    expect(rgbOf(behind)).toBe(painted)
  })

  test('opens where it was closed, and keeps all its data in HEARTH_HOME', async () => {
    const home = temporaryFolder()
    const bounds = { x: 60, y: 50, width: 900, height: 640 }
    {
      await using running = await launchApp({ home })
      await running.app.evaluate(
        ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
        bounds,
      )
      await expect
        .poll(() => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds()), {
          timeout: 30_000,
        })
        .toEqual(bounds)
    }
    {
      await using running = await launchApp({ home })
      const opened = await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
      expect(opened).toEqual(bounds)
      const folders = await running.app.evaluate(({ app }) =>
        (['userData', 'sessionData', 'crashDumps'] as const).map((name) => app.getPath(name)),
      )
      expect(folders.filter((folder) => !folder.startsWith(home))).toEqual([])
    }
    rmSync(home, { recursive: true, force: true })
  })

  test('a second start with the same data folder ends at once and leaves the first alone', async () => {
    const home = temporaryFolder()
    {
      await using running = await launchApp({ home })
      const second = await spawnApp(home)
      expect((await collectReports(second)).exitCode).toBe(0)
      expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    }
    rmSync(home, { recursive: true, force: true })
  })
})

describe('a command', () => {
  test('runs beside the window and reports a failure with exit code 1', async () => {
    const home = temporaryFolder()
    {
      await using running = await launchApp({ home })
      const { exitCode, reports } = await collectReports(await spawnApp(home, { arguments: [runArgument(request)] }))
      expect({ exitCode, reports }).toEqual({
        exitCode: 1,
        reports: [{ kind: 'failed', message: expect.stringContaining('nobody/nothing') }],
      })
      expect(running.page.isClosed()).toBe(false)
    }
    rmSync(home, { recursive: true, force: true })
  })

  test('is refused in one line when its request is malformed', async () => {
    const home = temporaryFolder()
    for (const argument of ['--hearth-run=', '--hearth-run=%%%', runArgument({ ...request, maxTokens: -1 })]) {
      const { exitCode, reports } = await collectReports(await spawnApp(home, { arguments: [argument] }))
      expect({ exitCode, reports }).toEqual({
        exitCode: 1,
        reports: [{ kind: 'failed', message: expect.stringContaining('run request') }],
      })
    }
    rmSync(home, { recursive: true, force: true })
  })
})

describe('the command line', () => {
  test('holds what Hearth adds and nothing that weakens the page', async () => {
    const runtime = await prepareApp()
    await using running = await launchApp()
    const added = switchesFor({ platform: process.platform, hasHardwareAdapter: false })
    const weakening = [
      'disable-web-security',
      'allow-running-insecure-content',
      'enable-blink-features',
      'enable-experimental-web-platform-features',
      'disable-site-isolation-trials',
      'ignore-certificate-errors',
      'js-flags',
      'proxy-server',
    ]
    const found = await running.app.evaluate(
      ({ app }, [expected, bad]) => ({
        added: expected.map(([name]) => [name, app.commandLine.getSwitchValue(name)]),
        missing: expected.filter(([name]) => !app.commandLine.hasSwitch(name)),
        weakening: bad.filter((name) => app.commandLine.hasSwitch(name)),
        noSandbox: app.commandLine.hasSwitch('no-sandbox'),
      }),
      [added.map(([name, value]) => [name, value] as [string, string]), weakening] as const,
    )
    expect(found).toEqual({
      added: added.map(([name, value]) => [name, value]),
      missing: [],
      weakening: [],
      noSandbox: runtime.flags.includes('--no-sandbox'),
    })
  })

  const canSandbox = canBecomeSomebody()
  if (!canSandbox) console.info('skipped: the sandbox (needs root on Linux and namespaces for ordinary users)')

  test.skipIf(!canSandbox)('without --no-sandbox every renderer is confined by the kernel', async () => {
    const runtime = await prepareApp()
    const user = somebody(runtime.env)
    const flags = runtime.flags.filter((flag) => flag !== '--no-sandbox')
    const child = spawn(
      user.command,
      [...user.arguments, runtime.executable, ...flags, resolve(import.meta.dirname, '../..')],
      { env: user.env, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    // All its processes have this pipe: it closes when the last of them has left the data folder.
    const ended = new Promise((done) => child.once('close', done))
    child.stdout.resume()
    try {
      const renderers = () => childrenOf(child.pid ?? 0).filter((pid) => commandOf(pid).includes('--type=renderer'))
      // A renderer confines itself while it starts: it is there a moment before.
      const isConfined = (pid: number) => {
        const status = statusOf(pid)
        return [/^Seccomp:\s+2$/m, /^NoNewPrivs:\s+1$/m, /^NSpid:\s+\d+\s+\d+/m].every((line) => line.test(status))
      }
      await expect
        .poll(() => renderers().map(isConfined), { timeout: 60_000 })
        .toEqual(expect.toSatisfy((confined: boolean[]) => confined.length > 0 && confined.every(Boolean)))
      for (const renderer of renderers()) expect(commandOf(renderer)).not.toContain('--no-sandbox')
    } finally {
      child.kill('SIGTERM')
      await ended
      user.dispose()
    }
  })
})

function rgbOf(hex: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  return `rgb(${red}, ${green}, ${blue})`
}

/** All descendants of a process. */
function childrenOf(pid: number): readonly number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  const direct = all.filter((candidate) => parentOf(candidate) === pid)
  return direct.flatMap((child) => [child, ...childrenOf(child)])
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(statusOf(pid))?.[1])
}

/** Empty where it has ended. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ')
  } catch {
    return ''
  }
}
