import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isStale } from '../../../electron/launch/build.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-build-'))
  for (const file of ['electron/main.ts', 'renderer/views/a/View.tsx', 'shared/ipc.ts', 'package.json'])
    write(file, 100)
  for (const file of ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html']) write(file, 200)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what was built after every source is kept', () => {
  expect(isStale(root)).toBe(false)
})

test.each(['electron/main.ts', 'renderer/views/a/View.tsx', 'shared/ipc.ts', 'package.json'])(
  'a change in %s calls for a build',
  (file) => {
    write(file, 300)
    expect(isStale(root)).toBe(true)
  },
)

test('a new file deep in a folder calls for a build', () => {
  write('renderer/views/b/New.tsx', 300)
  expect(isStale(root)).toBe(true)
})

test('a build that left a file out is done again', () => {
  rmSync(join(root, 'out/preload/preload.cjs'))
  expect(isStale(root)).toBe(true)
})

/** Writes a file and gives it and its folders that time. */
function write(file: string, seconds: number): void {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  for (let at = path; at !== root; at = dirname(at)) utimesSync(at, seconds, seconds)
}
