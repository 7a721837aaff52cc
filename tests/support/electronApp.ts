// The real app for tests: built from this checkout, on this machine's Electron, with a data folder of its own and, where there is none, a virtual
// display.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright'
import { buildWhenStale } from '../../electron/launch/build.ts'
import { prepareRuntime, type Runtime } from '../../electron/launch/runtime.ts'
import { reportPrefix, runSwitch } from '../../electron/runMode.ts'
import { type RunReport, type RunRequest, runReport } from '../../shared/ipc.ts'

const root = resolve(import.meta.dirname, '../..')
const say = (line: string) => console.info(`hearth: ${line}`)

let prepared: Promise<Runtime> | undefined

/** Built app and runtime, made once per test file. */
export function prepareApp(): Promise<Runtime> {
  prepared ??= buildWhenStale(say).then(() => prepareRuntime({ say }))
  return prepared
}

export interface RunningApp extends AsyncDisposable {
  readonly app: ElectronApplication
  readonly page: Page
  /** HEARTH_HOME of this app. */
  readonly home: string
  /** Lines of the page's console, errors of the page included. */
  readonly console: readonly string[]
}

export interface LaunchOptions {
  /** HEARTH_HOME; a new folder, removed afterwards, by default. */
  readonly home?: string
  readonly arguments?: readonly string[]
}

/** Opens the app and waits for its window. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const runtime = await prepareApp()
  const home = options.home ?? temporaryFolder()
  const app = await electron.launch({
    executablePath: runtime.executable,
    args: ['-r', join(import.meta.dirname, 'waitForDriver.cjs'), ...runtime.flags, root, ...(options.arguments ?? [])],
    env: { ...runtime.env, HEARTH_HOME: home },
    timeout: 60_000,
  })
  const page = await app.firstWindow()
  const lines: string[] = []
  page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => lines.push(`pageerror: ${error.message}`))
  await page.waitForLoadState('load')
  return {
    app,
    page,
    home,
    console: lines,
    async [Symbol.asyncDispose]() {
      await app.close()
      if (options.home === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hearth-test-'))
}

export interface SpawnOptions extends LaunchOptions {
  /** A program and arguments to start the app with, such as `unshare`. */
  readonly through?: readonly string[]
  /** Another app's folder: this checkout unless given. */
  readonly app?: string
}

/** Starts the app without any automation, for tests that count what it does by itself. */
export async function spawnApp(home: string, options: SpawnOptions = {}): Promise<ChildProcess> {
  const runtime = await prepareApp()
  const line = [
    ...(options.through ?? []),
    runtime.executable,
    ...runtime.flags,
    options.app ?? root,
    ...(options.arguments ?? []),
  ]
  const [program = '', ...rest] = line
  return spawn(program, rest, { env: { ...runtime.env, HEARTH_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] })
}

export function runArgument(request: RunRequest): string {
  return `${runSwitch}${Buffer.from(JSON.stringify(request)).toString('base64url')}`
}

/** What a finished `hearth run` window printed: its reports, the exit code, and everything else on both outputs. */
export async function collectReports(child: ChildProcess) {
  let output = ''
  let errors = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exitCode = await new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  const lines = output.split('\n').filter((line) => line.startsWith(reportPrefix))
  const reports: readonly RunReport[] = lines.map((line) =>
    runReport.parse(JSON.parse(line.slice(reportPrefix.length))),
  )
  return { exitCode, reports, output, errors }
}
