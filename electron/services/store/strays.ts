// Files that lie in the store's folders and that no row knows: copied there by hand, or left by a database that was restored from an older one. They are
// listed, never believed and never deleted: somebody may miss them.
import { readdir, stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { blobsFolder, entryOf, manifestsFolder } from './storePaths.ts'

export async function findStrays(
  folder: string,
  database: DatabaseSync,
): Promise<readonly { readonly path: string; readonly sizeBytes: number }[]> {
  const names = (sql: string) =>
    new Set(
      database
        .prepare(sql)
        .all()
        .map(({ name }) => String(name)),
    )
  const known = [
    [blobsFolder(folder), names('SELECT sha256 AS name FROM blob')],
    [manifestsFolder(folder), names("SELECT key || '.json' AS name FROM model")],
  ] as const
  const strays: { readonly path: string; readonly sizeBytes: number }[] = []
  for (const [inner, expected] of known) {
    for (const name of await readdir(inner)) {
      if (expected.has(name)) continue
      const path = entryOf(inner, name)
      strays.push({ path, sizeBytes: (await stat(path).catch(() => null))?.size ?? 0 })
    }
  }
  return strays
}
