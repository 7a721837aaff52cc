// Folders as sources of models: a person's own, and snapshots in caches of other programs.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFolder } from '../../../electron/services/files.ts'
import { checkpointFiles, writeFiles, writeSnapshot } from '../../support/foreignCache.ts'

const { signal } = new AbortController()
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-files-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function readAll(folder: string): Promise<Readonly<Record<string, string>>> {
  await using source = await openFolder(folder)
  const read = async (name: string) => {
    const { sizeBytes, read: readPart } = await source.open(name)
    return [name, new TextDecoder().decode(await readPart(0, sizeBytes, signal))] as const
  }
  return Object.fromEntries(await Promise.all((await source.names()).map(read)))
}

describe('a snapshot of a cache', () => {
  test.each(['links', 'copies'] as const)('is read, of %s', async (form) => {
    expect(await readAll(writeSnapshot(join(root, 'hub'), 'a/b', checkpointFiles, undefined, form))).toEqual(
      checkpointFiles,
    )
  })

  test('is read where the cache or the repository is a link to another disk', async () => {
    const folder = writeSnapshot(join(root, 'disk'), 'a/b', checkpointFiles)
    symlinkSync(join(root, 'disk'), join(root, 'hub'))
    expect(await readAll(folder.replace('/disk/', '/hub/'))).toEqual(checkpointFiles)
    writeFiles(join(root, 'other'), {})
    const other = writeSnapshot(join(root, 'other'), 'c/d', {})
    symlinkSync(join(root, 'disk', 'models--a--b'), join(root, 'other', 'models--a--b'))
    expect(await readAll(other.replace('models--c--d', 'models--a--b'))).toEqual(checkpointFiles)
  })

  test.each(['vocab.txt', 'config.json'])('is refused where %s leads out of it, whatever it leads to', async (name) => {
    const { [name as 'config.json']: _replaced, ...files } = checkpointFiles
    const folder = writeSnapshot(join(root, 'hub'), 'a/b', files)
    writeFileSync(join(root, 'secret.txt'), 'a secret')
    symlinkSync('../../../../secret.txt', join(folder, name))
    await expect(openFolder(folder)).rejects.toMatchObject({
      message: expect.stringContaining('leads out of its cache'),
    })
    await expect(openFolder(`${folder}/`)).rejects.toThrow(name)
  })

  test('is refused where the snapshot itself is a link out of the cache', async () => {
    const folder = writeSnapshot(join(root, 'hub'), 'a/b', checkpointFiles)
    writeFiles(join(root, 'private'), checkpointFiles)
    symlinkSync(join(root, 'private'), folder.replace(/a{40}$/, 'b'.repeat(40)))
    await expect(openFolder(folder.replace(/a{40}$/, 'b'.repeat(40)))).rejects.toThrow('leads out of its cache')
  })

  test('has links that lead nowhere, which are no files', async () => {
    const folder = writeSnapshot(join(root, 'hub'), 'a/b', checkpointFiles)
    symlinkSync('../../blobs/nothing', join(folder, 'nothing.bin'))
    expect(await readAll(folder)).toEqual(checkpointFiles)
  })
})

test("in a person's own folder links lead where they lead", async () => {
  writeFiles(join(root, 'elsewhere'), checkpointFiles)
  writeFiles(join(root, 'own'), {})
  symlinkSync(join(root, 'elsewhere'), join(root, 'own'))
  expect(await readAll(join(root, 'own'))).toEqual(checkpointFiles)
  symlinkSync(join(root, 'elsewhere', 'config.json'), join(root, 'elsewhere', 'linked.json'))
  expect(await readAll(join(root, 'own'))).toEqual({ ...checkpointFiles, 'linked.json': '{}' })
})
