// The official Electron binary: the npm package carries only a downloader, which checks the archive against the checksums the package ships.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, rootFolder, type Say } from './subprocess.ts'

const electronPackage = join(rootFolder, 'node_modules', 'electron')
const releases = 'https://github.com/electron/electron/releases/download/'
const probeMs = 10_000
const proxiedDownloadMs = 600_000

/** Path of the official binary, downloaded when missing; null when it cannot be downloaded from here. */
export async function provideOfficial(say: Say): Promise<string | null> {
  const present = installedBinary()
  if (present !== null) return present
  const version = packageVersion()
  // A proxy is the downloader's business, not fetch's: then there is nothing to probe, only a limit.
  const proxied = Object.keys(process.env).some((name) => /^(https?|all)_proxy$|^electron_get_use_proxy$/i.test(name))
  if (!proxied && !(await reachable(version))) return null
  say(`Downloading Electron ${version}`)
  const finished = await capture(process.execPath, ['install.js'], {
    cwd: electronPackage,
    ...(proxied ? { timeoutMs: proxiedDownloadMs } : {}),
  })
  const installed = installedBinary()
  if (installed === null) say(`Electron ${version} could not be downloaded: ${reason(finished.errors)}`)
  return installed
}

function installedBinary(): string | null {
  const pathFile = join(electronPackage, 'path.txt')
  const versionFile = join(electronPackage, 'dist', 'version')
  if (!existsSync(pathFile) || !existsSync(versionFile)) return null
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== packageVersion()) return null
  const binary = join(electronPackage, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : null
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}

/** Whether the place the archive comes from answers at all: without a network the downloader would retry for minutes. */
async function reachable(version: string): Promise<boolean> {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? releases
  try {
    await fetch(`${mirror}v${version}/SHASUMS256.txt`, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) })
    return true
  } catch {
    return false
  }
}

function reason(errors: string): string {
  return errors.split('\n').find((line) => line.trim() !== '') ?? 'no reason given'
}
