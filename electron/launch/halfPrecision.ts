// A WebGPU adapter with shader-f16 for Dawn in Node. A real GPU has it. Without one, Mesa's lavapipe from version 24 on has it in software: Debian 12's
// own is older (and refused by Dawn), so the one of bookworm-backports is unpacked into .cache, beside the system's, which stays as it is.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasHardwareAdapter } from '../services/adapter.ts'
import { installPackages, isDebian, provideLibraries } from './debian.ts'
import { cacheFolder, capture, isRoot, LaunchError, type Say } from './subprocess.ts'

const lavapipeFolder = join(cacheFolder, 'lavapipe')
const systemDrivers = '/usr/share/vulkan/icd.d'
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

export type HalfAdapter =
  | { readonly kind: 'available'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'missing'; readonly reason: string }

/** The environment in which Dawn finds an adapter with shader-f16, or why there is none here. */
export async function provideHalfPrecision({ say }: { readonly say: Say }): Promise<HalfAdapter> {
  if (process.env.VK_ICD_FILENAMES !== undefined || hasHardwareAdapter()) return { kind: 'available', env: {} }
  try {
    const driver = debianVersion() === '12' ? await backportedDriver(say) : await systemDriver(say)
    return { kind: 'available', env: { VK_ICD_FILENAMES: driver } }
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    return { kind: 'missing', reason: error.message }
  }
}

async function systemDriver(say: Say): Promise<string> {
  if (installedDriver() === null && isDebian() && isRoot()) {
    await installPackages(['libvulkan1', 'mesa-vulkan-drivers'], 'half-precision WebGPU in software', say)
  }
  const driver = installedDriver()
  if (driver === null) throw new LaunchError('no GPU and no lavapipe (package mesa-vulkan-drivers) on this machine')
  return driver
}

function installedDriver(): string | null {
  if (!existsSync(systemDrivers)) return null
  const name = readdirSync(systemDrivers).find((file) => /^lvp_icd.*\.json$/.test(file))
  return name === undefined ? null : join(systemDrivers, name)
}

/** Path of the driver's description in .cache, made when missing; its shared libraries come from Debian 12 itself. */
async function backportedDriver(say: Say): Promise<string> {
  const description = join(lavapipeFolder, 'lavapipe.json')
  if (!existsSync(description)) {
    say('No GPU: fetching lavapipe from Debian bookworm-backports for half-precision WebGPU')
    await mkdir(cacheFolder, { recursive: true })
    const work = await mkdtemp(join(cacheFolder, 'lavapipe-'))
    try {
      await unpackDriver(work)
      await rename(join(work, 'lavapipe'), lavapipeFolder)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  await provideLibraries(driverLibrary(lavapipeFolder), 'lavapipe', say)
  if (!(await capture('/sbin/ldconfig', ['-p'])).output.includes('libvulkan.so.1')) {
    await installPackages(['libvulkan1'], 'lavapipe', say)
  }
  return description
}

/** Downloads with apt, which checks Debian's signature, from a package list of our own: the system's sources stay as they are. */
async function unpackDriver(work: string): Promise<void> {
  if (!isDebian() || !existsSync(keyring))
    throw new LaunchError('lavapipe needs apt-get and the Debian archive keyring')
  const lists = join(work, 'lists')
  const sources = join(work, 'sources.list')
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(work, 'archives', 'partial'), { recursive: true })
  await writeFile(sources, `deb [signed-by=${keyring}] ${await debianMirror()} bookworm-backports main\n`)
  const settings = [
    ['Dir::Etc::sourcelist', sources],
    ['Dir::Etc::sourceparts', '-'],
    ['Dir::State::lists', lists],
    ['Dir::Cache', work],
    ['APT::Sandbox::User', 'root'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await succeed('apt-get', [...settings, 'update', '-q'], work)
  await succeed('apt-get', [...settings, 'download', '-q', 'mesa-vulkan-drivers/bookworm-backports'], work)
  const archive = (await readdir(work)).find((name) => name.endsWith('.deb'))
  if (archive === undefined) throw new LaunchError('bookworm-backports gave no mesa-vulkan-drivers')
  const unpacked = join(work, 'lavapipe')
  await succeed('dpkg-deb', ['-x', archive, unpacked], work)
  const library = driverLibrary(lavapipeFolder, unpacked)
  const description = { file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.4.305' } }
  await writeFile(join(unpacked, 'lavapipe.json'), `${JSON.stringify(description, null, 2)}\n`)
}

/** Path of the driver below `folder`; its place inside is looked up in `unpacked`, since it depends on the processor. */
function driverLibrary(folder: string, unpacked = folder): string {
  const below = join('usr', 'lib')
  const triplet = readdirSync(join(unpacked, below)).find((name) =>
    existsSync(join(unpacked, below, name, 'libvulkan_lvp.so')),
  )
  if (triplet === undefined) throw new LaunchError('the mesa-vulkan-drivers package holds no lavapipe')
  return join(folder, below, triplet, 'libvulkan_lvp.so')
}

/** The mirror this machine already uses for Debian 12, else Debian's own. */
async function debianMirror(): Promise<string> {
  const format = '$(CREATED_BY) $(CODENAME) $(REPO_URI)'
  const { output } = await capture('apt-get', ['indextargets', '--format', format])
  return /^Packages bookworm (\S+)$/m.exec(output)?.[1] ?? 'http://deb.debian.org/debian/'
}

function debianVersion(): string | null {
  if (!existsSync('/etc/os-release')) return null
  const release = readFileSync('/etc/os-release', 'utf8')
  return /^ID=debian$/m.test(release) ? (/^VERSION_ID="?(\d+)/m.exec(release)?.[1] ?? null) : null
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const finished = await capture(command, args, { cwd })
  if (finished.code !== 0) {
    throw new LaunchError(`${command} failed: ${(finished.errors || finished.output).trim().split('\n').at(-1)}`)
  }
}
