// Debian and Ubuntu packages: which one holds a missing shared library, and installing them when this is root. Elsewhere the exact command is given.
import { existsSync } from 'node:fs'
import { capture, findProgram, isRoot, LaunchError, type Say } from './subprocess.ts'

/** Package per shared library that Electron 45's and Chromium's Linux builds are linked with (ldd of the binary, Debian 12's names). */
const packageOfLibrary: Readonly<Record<string, string>> = {
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgmodule-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libvulkan.so.1': 'libvulkan1',
  'libwayland-client.so.0': 'libwayland-client0',
  'libxcb-dri3.so.0': 'libxcb-dri3-0',
  'libxcb-present.so.0': 'libxcb-present0',
  'libxcb-randr.so.0': 'libxcb-randr0',
  'libxcb-shm.so.0': 'libxcb-shm0',
  'libxcb-sync.so.1': 'libxcb-sync1',
  'libxcb-xfixes.so.0': 'libxcb-xfixes0',
  'libxcb.so.1': 'libxcb1',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libxshmfence.so.1': 'libxshmfence1',
  'libLLVM-15.so.1': 'libllvm15',
  'libLLVM.so.19.1': 'libllvm19',
}

/** Debian's packages for these libraries, each once, sorted; libraries nobody listed are returned by name. */
export function packagesFor(libraries: readonly string[]): {
  readonly packages: readonly string[]
  readonly unknown: readonly string[]
} {
  const known = libraries.flatMap((library) => packageOfLibrary[library] ?? [])
  return {
    packages: [...new Set(known)].sort(),
    unknown: libraries.filter((library) => packageOfLibrary[library] === undefined),
  }
}

/** Shared libraries a binary needs and this machine lacks, from the text ldd prints. */
export function missingLibraries(lddOutput: string): readonly string[] {
  const missing = [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].flatMap((match) => match[1] ?? [])
  return [...new Set(missing)]
}

/** Installs what a Linux binary is missing. Throws a LaunchError with the exact command when this machine needs a person for that. */
export async function provideLibraries(binary: string, purpose: string, say: Say): Promise<void> {
  const missing = missingLibraries((await capture('ldd', [binary])).output)
  if (missing.length === 0) return
  const { packages, unknown } = packagesFor(missing)
  if (unknown.length > 0 || !isDebian()) {
    throw new LaunchError(
      `${purpose} needs shared libraries this system lacks: ${missing.join(', ')}; install them and start again`,
    )
  }
  await installPackages(packages, purpose, say)
}

/** Installs Debian packages as root, or throws a LaunchError that gives the command. */
export async function installPackages(packages: readonly string[], purpose: string, say: Say): Promise<void> {
  if (!isDebian()) throw new LaunchError(`${purpose} needs ${packages.join(' ')}; install it and start again`)
  if (!isRoot()) {
    throw new LaunchError(`${purpose} needs system packages; run: sudo apt-get install -y ${packages.join(' ')}`)
  }
  say(`Installing ${packages.length} Debian packages for ${purpose}: ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await apt(['update', '-q'], env)
  const named = await Promise.all(packages.map(currentName))
  const installed = await apt(['install', '-y', '-q', '--no-install-recommends', ...named], env)
  if (installed.code === 0) return
  const cause = lastLine(installed.errors) || lastLine(updated.errors) || lastLine(installed.output)
  throw new LaunchError(`apt-get could not install ${named.join(' ')}: ${cause}`)
}

export function isDebian(): boolean {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && findProgram('apt-get') !== null
}

/** Ubuntu 24.04 and Debian 13 renamed libraries with the 64-bit time change: `libasound2` became `libasound2t64`. */
async function currentName(name: string): Promise<string> {
  const installable = async (candidate: string) =>
    /Candidate: (?!\(none\))/.test((await capture('apt-cache', ['policy', candidate])).output)
  return !(await installable(name)) && (await installable(`${name}t64`)) ? `${name}t64` : name
}

async function apt(args: readonly string[], env: NodeJS.ProcessEnv) {
  return capture('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
