// Which disks count as another computer's, by what each system tells of them.
import { expect, test } from 'vitest'
import { type DiskFacts, fileSystemAt, networkName } from '../../../electron/services/networkDisk.ts'

const mounts = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/ada/far rw,nosuid shared:7 - fuse.sshfs ada@far:/home rw
41 22 0:36 / /home/ada/far\\040away rw,nosuid - fuse.rclone far: rw
42 22 0:37 / /home/ada/safe rw,nosuid shared:9 master:3 - fuse.gocryptfs /home/ada/.safe rw
43 42 0:38 / /home/ada/safe rw - fuse.sshfs ada@far:/safe rw`

const disk = (facts: Partial<DiskFacts>): DiskFacts => ({
  platform: 'linux',
  realPath: (folder) => folder,
  typeOf: () => 0xef53,
  mounts: () => mounts,
  ...facts,
})

test.each([
  ['//server/share/models', 'win32', 'SMB'],
  ['\\\\server\\share', 'win32', 'SMB'],
  ['\\\\?\\UNC\\server\\share', 'win32', 'SMB'],
  ['C:\\models', 'win32', null],
  ['\\\\?\\C:\\models', 'win32', null],
  ['/Volumes/share', 'darwin', null],
] as const)('by its path: %s on %s is %s', (folder, platform, name) => {
  expect(networkName(folder, disk({ platform }))).toBe(name)
})

test('a letter that stands for a share is the share', () => {
  expect(networkName('Z:\\hearth', disk({ platform: 'win32', realPath: () => '\\\\server\\hearth' }))).toBe('SMB')
})

test.each([
  [0x6969, 'NFS'],
  [0xfe534d42, 'SMB'],
  // As Node gives it where numbers have a sign.
  [0xfe534d42 - 2 ** 32, 'SMB'],
  [0x01021997, '9P'],
  [0xef53, null],
])('by its type on Linux: %i is %s', (type, name) => {
  expect(networkName('/home/ada', disk({ typeOf: () => type }))).toBe(name)
})

test.each([
  ['/home/ada/far', 'sshfs'],
  ['/home/ada/far/hearth', 'sshfs'],
  ['/home/ada/far away/hearth', 'rclone'],
  // The later mount hides the one it lies on.
  ['/home/ada/safe/hearth', 'sshfs'],
  ['/home/ada/farther', null],
])('in a process of its own, by the innermost mount: %s is %s', (folder, name) => {
  expect(networkName(folder, disk({ typeOf: () => 0x65735546 }))).toBe(name)
})

test('a folder that is not there, a list that cannot be read or is no list, are no share', () => {
  expect(networkName('/nowhere/at/all')).toBe(null)
  const unread = () => {
    throw new Error('no /proc')
  }
  expect(networkName('/home', disk({ typeOf: () => 0x65735546, mounts: unread }))).toBe(null)
  expect(fileSystemAt('- - -\n\nfuse.sshfs', '/home')).toBe(null)
})

test('the disk of this computer is none', () => {
  expect(networkName(process.cwd())).toBe(null)
})
