// Whether a folder lies on a disk of another computer. SQLite's log and its locks need shared memory and honest locks, which such disks do not give: two
// computers that write at once damage the file (https://sqlite.org/wal.html, https://sqlite.org/faq.html#q5).
import { readFileSync, realpathSync, statfsSync } from 'node:fs'
import { sep } from 'node:path'

/** What is asked of the system; others in tests. */
export interface DiskFacts {
  readonly platform: NodeJS.Platform
  /** Without links; on Windows a letter that stands for a share becomes the share. Throws where there is no such folder. */
  readonly realPath: (folder: string) => string
  /** Of statfs(2). */
  readonly typeOf: (folder: string) => number
  /** `/proc/self/mountinfo`, see proc(5). */
  readonly mounts: () => string
}

const facts: DiskFacts = {
  platform: process.platform,
  realPath: (folder) => realpathSync.native(folder),
  typeOf: (folder) => statfsSync(folder).type,
  mounts: () => readFileSync('/proc/self/mountinfo', 'utf8'),
}

/** statfs(2) on Linux. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
])
/** What runs in a process of its own: the list of mounts knows what it is. */
const fuse = 0x65735546
const networkFuse = /^fuse\.(sshfs|rclone|davfs2?|glusterfs|s3fs|gcsfuse|cephfs|curlftpfs|smbnetfs|goofys)$/

/** What kind of share it is (`NFS`); null on other disks, and where the system does not tell (macOS). */
export function networkName(folder: string, disk: DiskFacts = facts): string | null {
  try {
    const real = disk.realPath(folder)
    if (disk.platform === 'win32') return /^(\\\\|\/\/)(?![?.][\\/](?!UNC))/i.test(real) ? 'SMB' : null
    if (disk.platform !== 'linux') return null
    // Node gives the type as a signed or an unsigned number, by the system's word size.
    const type = disk.typeOf(real) >>> 0
    if (type !== fuse) return networkTypes.get(type) ?? null
    const kind = fileSystemAt(disk.mounts(), real)
    return kind !== null && networkFuse.test(kind) ? kind.slice('fuse.'.length) : null
  } catch {
    return null
  }
}

/** Of the innermost mount that holds a path, by the lines of mountinfo: `… root mount options … - type source …`. */
export function fileSystemAt(mountinfo: string, path: string): string | null {
  let best: { readonly place: string; readonly kind: string } | null = null
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ')
    const place = fields[4]?.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
    const kind = fields[fields.indexOf('-') + 1]
    if (place === undefined || kind === undefined || fields.indexOf('-') < 6) continue
    const holds = path === place || path.startsWith(place.endsWith(sep) ? place : place + sep)
    // Of two at one place the later hides the earlier.
    if (holds && (best === null || place.length >= best.place.length)) best = { place, kind }
  }
  return best?.kind ?? null
}
