import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { expect, test } from 'vitest'
import { fusesFor } from '../../../electron/package/fuses.ts'

const configuration = readFileSync(join(resolve(import.meta.dirname, '../../..'), 'electron-builder.yml'), 'utf8')

/** The fuses a platform gets, by name. */
function named(platform: string) {
  const fuses = fusesFor(platform)
  const numbers = Object.values(FuseV1Options).filter((value): value is FuseV1Options => typeof value === 'number')
  return Object.fromEntries(numbers.map((number) => [FuseV1Options[number], fuses[number]]))
}

test('every fuse there is has been decided, and an unknown one stops the packaging', () => {
  const decided = {
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  }
  expect(named('darwin')).toEqual(decided)
  expect(named('win32')).toEqual(decided)
  expect(named('linux')).toEqual({ ...decided, EnableEmbeddedAsarIntegrityValidation: false })
  expect(['darwin', 'win32', 'linux'].map((platform) => fusesFor(platform).strictlyRequireAllFuses)).toEqual([
    true,
    true,
    true,
  ])
})

test('the packages are made with these fuses, for every platform, and start with their sandbox', () => {
  expect(configuration).toMatch(/^afterPack: electron\/package\/afterPack\.mjs$/m)
  for (const target of ['dmg', 'nsis', 'AppImage', 'deb']) expect(configuration).toContain(target)
  expect(configuration).toMatch(/^ {2}appArmorProfile: /m)
  expect(configuration).not.toMatch(/^[^#]*(no-sandbox|electronDist|electron-gt)/m)
  // Left out, electron-builder puts --no-sandbox into the menu entry of an AppImage.
  expect(configuration.match(/executableArgs:.*/g)).toEqual(['executableArgs: []'])
})

test('the packages name an owner and the address that a Debian package must have', () => {
  expect(configuration).toMatch(/^extraMetadata:\n(?: {2}.*\n)* {2}homepage: https:\/\/\S+$/m)
  expect(configuration).toMatch(/^copyright: Copyright \d{4} The Hearth authors$/m)
  expect(configuration).toMatch(/^ {2}maintainer: The Hearth authors$/m)
})
