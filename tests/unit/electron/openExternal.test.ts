// One way to the system's browser: nothing but electron/links.ts may call it, whatever way it is written.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && /\.(ts|tsx|mts|cts|mjs|cjs|js|html)$/.test(entry.name)
      ? [join(entry.parentPath, entry.name)]
      : [],
  )
}

test('only links.ts opens addresses', () => {
  const all = ['electron', 'renderer', 'shared'].flatMap(sources)
  expect(all.length).toBeGreaterThan(200)
  const calling = all.filter((path) => /openExternal|openPath|window\.open\(/.test(readFileSync(path, 'utf8')))
  expect(calling.map((path) => path.slice(root.length + 1))).toEqual(['electron/links.ts'])
})
