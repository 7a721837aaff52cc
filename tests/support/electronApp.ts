// The real app for tests: built from this checkout, on this machine's Electron, with a data folder of its own and, where there is none, a virtual
// display. It is offline unless a test has a Hub for it, and what it opens is counted (socketCount.ts).
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright'
import { buildWhenStale } from '../../electron/launch/build.ts'
import { prepareRuntime, type Runtime } from '../../electron/launch/runtime.ts'
import { reportPrefix, runSwitch } from '../../electron/runMode.ts'
import { type RunReport, type RunRequest, runReport } from '../../shared/ipc.ts'
import { type NodeEvent, recordSockets } from './socketRecord.ts'

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
  /** What its Node processes opened and looked up until now. */
  readonly sockets: () => readonly NodeEvent[]
}

export interface LaunchOptions {
  /** HEARTH_HOME; a new folder, removed afterwards, by default. */
  readonly home?: string
  readonly arguments?: readonly string[]
  /** Address of a Hub of the test's own, which the app may ask; without one the app is offline (HF_HUB_OFFLINE). */
  readonly hub?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The test makes its page try to get out. */
  readonly isAttacked?: boolean
  /** Another app's folder: this checkout unless given. */
  readonly app?: string
}

/** Opens the app and waits for its window. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const runtime = await prepareApp()
  const home = options.home ?? temporaryFolder()
  const { recording, env, args } = launchOf(runtime, home, options)
  const app = await electron.launch({
    executablePath: runtime.executable,
    args: ['-r', join(import.meta.dirname, 'waitForDriver.cjs'), ...args(options.app ?? root)],
    env,
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
    sockets: recording.node,
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
}

/** Starts the app without any automation, for tests that count what it does by itself. */
export async function spawnApp(home: string, options: SpawnOptions = {}): Promise<ChildProcess> {
  const runtime = await prepareApp()
  const { env, args } = launchOf(runtime, home, options)
  const [program = '', ...rest] = [...(options.through ?? []), ...[runtime.executable, ...args(options.app ?? root)]]
  return spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** An app's environment, and the arguments to start the app of a folder with. */
function launchOf(runtime: Runtime, home: string, options: LaunchOptions) {
  const recording = recordSockets(options.hub ?? null, options.isAttacked ?? false)
  const { HF_ENDPOINT: _hub, HF_TOKEN: _token, HF_HUB_OFFLINE: _offline, ...inherited } = runtime.env
  const network = options.hub === undefined ? { HF_HUB_OFFLINE: '1' } : { HF_ENDPOINT: options.hub }
  return {
    recording,
    env: { ...inherited, ...network, ...recording.environment, ...options.environment, HEARTH_HOME: home },
    args: (folder: string) => [
      ...[...recording.preload, ...runtime.flags, folder],
      ...[...recording.arguments, ...(options.arguments ?? [])],
    ],
  }
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
