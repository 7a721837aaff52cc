// Where a text is saved: a name that is one file's name on every system, and a file that is there wholly or not at all.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveName } from '../../../electron/services/saveName.ts'
import { writeWhole } from '../../../electron/services/writeWhole.ts'
import { quickFolder } from '../../support/quickFolder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-saving-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['A walk in the woods', 'A walk in the woods.md'],
  ['notes.md', 'notes.md'],
  ['Größe: 3/4?', 'Größe 3 4.md'],
  ['../../etc/passwd', 'etc passwd.md'],
  ['C:\\Windows\\x', 'C Windows x.md'],
  ['.hidden', 'hidden.md'],
  ['--help', 'help.md'],
  ['~root', 'root.md'],
  ['con', 'con -.md'],
  ['NUL.txt', 'NUL.txt -.md'],
  ['COM1', 'COM1 -.md'],
  ['ends with dots...', 'ends with dots.md'],
  ['a\nb\tc\0d', 'a b c d.md'],
  ['photo\u202egpj.exe', 'photo gpj.exe.md'],
  ['日本語の題名', '日本語の題名.md'],
  ['🏰', '🏰.md'],
  ['', 'chat.md'],
  ['///', 'chat.md'],
  ['x'.repeat(500), `${'x'.repeat(100)}.md`],
  ['𝒳'.repeat(100), `${'𝒳'.repeat(25)}.md`],
])('%j is saved as %j', (name, expected) => {
  expect(saveName(name, 'md')).toBe(expected)
})

test('whatever somebody calls it, it is the name of one file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const saved = saveName(name, 'json')
      return (
        basename(saved) === saved &&
        saved.endsWith('.json') &&
        saved.length > '.json'.length &&
        saved.isWellFormed() &&
        Buffer.byteLength(saved) <= 120 &&
        !/^[.~ -]|[<>:"/\\|?*]|\p{Cc}|\p{Cf}/u.test(saved)
      )
    }),
    { numRuns: 3000 },
  )
})

test('a file takes the place of another as a whole, and nothing else is left', async () => {
  const path = join(folder, 'a.md')
  writeFileSync(path, 'before')
  await writeWhole(path, 'after 🏰')
  expect(readFileSync(path, 'utf8')).toBe('after 🏰')
  expect(readdirSync(folder)).toEqual(['a.md'])
})

test('what cannot be written is said as data, and what was there stays', async () => {
  const missing = join(folder, 'nowhere', 'a.md')
  await expect(writeWhole(missing, 'x')).rejects.toMatchObject({ problem: { code: 'not-saved', detail: 'ENOENT' } })
  const taken = join(folder, 'taken')
  mkdirSync(join(taken, 'inner'), { recursive: true })
  await expect(writeWhole(taken, 'x')).rejects.toMatchObject({ problem: { code: 'not-saved' } })
  expect(readdirSync(folder)).toEqual(['taken'])
})
