import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createModelLibrary } from '../../../electron/services/library.ts'

const bundledFolder = join(import.meta.dirname, '../../../resources/models')

test('base, instruct and chat of one family come with the app, every file as its manifest says', async () => {
  const library = createModelLibrary({ storeFolder: join(bundledFolder, 'none'), bundledFolder })
  const models = await library.list()
  expect(models.map(({ manifest }) => [manifest.id, manifest.family, manifest.weightFormat])).toEqual(
    ['base', 'chat', 'instruct'].map((variant) => [`hearth/tinystories-15m-${variant}`, 'TinyStories 15M', 'q4f16_1']),
  )
  for (const { key, manifest } of models) {
    for (const [index, { sha256 }] of manifest.files.entries()) {
      const file = await library.file(key, index)
      const bytes = await readFile(file?.path ?? '')
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    }
  }
})

test('the bundled libraries are those this compiler makes (npm run relink:models makes them anew)', async () => {
  const script = join(bundledFolder, 'relink.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})
