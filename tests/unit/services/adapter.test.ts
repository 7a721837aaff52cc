import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { hasHardwareAdapter } from '../../../electron/services/adapter.ts'

test.each([
  ['no device files', [], false],
  ['a display without a render node, as virtual machines have', ['dri/card0'], false],
  ['a render node', ['dri/card0', 'dri/renderD128'], true],
  ['a driver that has a device file of its own', ['nvidiactl'], true],
  ['the Windows subsystem for Linux', ['dxg'], true],
])('on Linux, %s: %s', (_name, files, expected) => {
  const devices = mkdtempSync(join(tmpdir(), 'hearth-devices-'))
  try {
    for (const file of files) {
      mkdirSync(dirname(join(devices, file)), { recursive: true })
      writeFileSync(join(devices, file), '')
    }
    expect(hasHardwareAdapter('linux', devices)).toBe(expected)
    expect([hasHardwareAdapter('darwin', devices), hasHardwareAdapter('win32', devices)]).toEqual([true, true])
  } finally {
    rmSync(devices, { recursive: true })
  }
})
