// Caches of other programs, as those programs lay them out, and a complete account of a folder to show that nothing in it changed.
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const commitOf = (letter: string) => letter.repeat(40)

export const checkpointFiles = {
  'config.json': '{}',
  'model.safetensors': 'weights of a checkpoint',
  'tokenizer.json': '{}',
}
export const readyFiles = {
  'mlc-chat-config.json': '{}',
  'tensor-cache.json': '{}',
  'params_shard_0.bin': 'weights in parts',
}

export type Files = Readonly<Record<string, string>>

/** One snapshot: relative links into blobs, or real copies, as on Windows. Gives its folder. */
export function writeSnapshot(
  cache: string,
  id: string,
  files: Files,
  commit = commitOf('a'),
  form: 'links' | 'copies' = 'links',
): string {
  const repository = join(cache, `models--${id.replaceAll('/', '--')}`)
  const folder = join(repository, 'snapshots', commit)
  for (const inner of [join(repository, 'blobs'), join(repository, 'refs'), folder])
    mkdirSync(inner, { recursive: true })
  writeFileSync(join(repository, 'refs', 'main'), commit)
  for (const [name, text] of Object.entries(files)) {
    if (form === 'copies') {
      writeFileSync(join(folder, name), text)
      continue
    }
    const etag = createHash('sha256').update(text).digest('hex')
    writeFileSync(join(repository, 'blobs', etag), text)
    symlinkSync(join('..', '..', 'blobs', etag), join(folder, name))
  }
  return folder
}

export function writeFiles(folder: string, files: Files): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Everything that can be seen of a folder without changing it: kinds, permissions, sizes, times of change, contents. Links are not followed. */
export function wholeAccount(folder: string, name = '.'): readonly (readonly unknown[])[] {
  const path = join(folder, name)
  const found = lstatSync(path)
  const { mode, mtimeMs, ctimeMs, nlink } = found
  const same = [name, mode, mtimeMs, ctimeMs, nlink]
  if (found.isSymbolicLink()) return [[...same, readlinkSync(path)]]
  if (found.isFile()) return [[...same, readFileSync(path).toString('hex')]]
  if (!found.isDirectory()) return [same]
  return [
    same,
    ...readdirSync(path)
      .sort()
      .flatMap((inner) => wholeAccount(folder, join(name, inner))),
  ]
}
