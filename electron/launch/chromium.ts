// A browser with WebGPU for the gpu tests: one that is installed, else Debian's package when this is root.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { installPackages, isDebian } from './debian.ts'
import { findProgram, isRoot, LaunchError, type Say } from './subprocess.ts'

const programs = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'chromium-browser']
const macApps = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const windowsPrograms = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']

/** Path of a Chrome, Chromium or Edge: HEARTH_CHROMIUM, the system's, or Playwright's. Throws a LaunchError that says how to get one. */
export async function findChromium({ say }: { readonly say: Say }): Promise<string> {
  const chosen = process.env.HEARTH_CHROMIUM
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen
    throw new LaunchError(`HEARTH_CHROMIUM names ${chosen}, which does not exist`)
  }
  const installed = installedBrowser()
  if (installed !== null) return installed
  if (isDebian() && isRoot()) {
    await installPackages(['chromium'], 'the WebGPU tests', say)
    const browser = installedBrowser()
    if (browser !== null) return browser
  }
  throw new LaunchError(
    'the WebGPU tests need Chrome, Chromium or Edge; install one, run npx playwright install chromium, or set HEARTH_CHROMIUM',
  )
}

function installedBrowser(): string | null {
  return [...systemBrowsers(), chromium.executablePath()].find((file) => existsSync(file)) ?? null
}

function systemBrowsers(): readonly string[] {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
        macApps.map((name) => join(folder, name)),
      )
    case 'win32':
      return [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA].flatMap((folder) =>
        folder === undefined ? [] : windowsPrograms.map((name) => join(folder, name)),
      )
    default:
      return programs.flatMap((name) => findProgram(name) ?? [])
  }
}
