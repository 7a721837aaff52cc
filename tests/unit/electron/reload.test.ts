import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchPage } from '../../../electron/reload.ts'

test('a build that empties its folder and writes the page is one change, with the page there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-reload-'))
  try {
    let changes = 0
    const changed = new Promise<void>((resolve) => {
      const stop = watchPage(folder, () => {
        changes += 1
        stop()
        resolve()
      })
      build(folder)
      build(folder)
    })
    await changed
    expect(changes).toBe(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function build(folder: string): void {
  rmSync(join(folder, 'assets'), { recursive: true, force: true })
  rmSync(join(folder, 'index.html'), { force: true })
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'main.js'), 'x')
  writeFileSync(join(folder, 'index.html'), 'x')
}
