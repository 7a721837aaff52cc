// Files on their way in or out. A file is announced by a row before it is renamed to its place, and before it is deleted from there; the row goes once the
// rows of content or models say the same. After a crash the announced files are settled, so that nothing stays behind that nobody knows.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { FileHash } from '../hub/files.ts'
import { blobPath, manifestPath, partPaths } from './storePaths.ts'

export interface Pending {
  /** A blob or manifest that will be written or deleted. Within the caller's transaction. */
  announce(folder: 'blobs' | 'manifests', name: string): void
  /** A part that was verified and becomes a blob. */
  announcePart(hash: FileHash, blob: { readonly sha256: string; readonly sizeBytes: number }): void
  /** It is as its row says. */
  done(folder: 'blobs' | 'manifests', name: string): void
  /** Brings every announced file to what the rows say: content that has none is removed; a part that was renamed is hashed again and gets its row. */
  settle(adopt: (blob: { readonly sha256: string; readonly sizeBytes: number }, hash: FileHash) => void): Promise<void>
}

const pendingRow = z.object({
  folder: z.enum(['blobs', 'manifests']),
  name: z.string(),
  size_bytes: z.number().nullable(),
  part_kind: z.enum(['sha256', 'git-blob']).nullable(),
  part_hex: z.string().nullable(),
})

export function createPending(folder: string, database: DatabaseSync): Pending {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO pending (folder, name, size_bytes, part_kind, part_hex) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = database.prepare('DELETE FROM pending WHERE folder = ? AND name = ?')
  const isKnown = {
    blobs: database.prepare('SELECT 1 FROM blob WHERE sha256 = ?'),
    manifests: database.prepare('SELECT 1 FROM model WHERE key = ?'),
  }
  const settleOne = async (row: z.infer<typeof pendingRow>, adopt: Parameters<Pending['settle']>[0]) => {
    const { name, size_bytes: sizeBytes, part_kind: kind, part_hex: hex } = row
    if (isKnown[row.folder].get(name) !== undefined) return
    if (row.folder === 'manifests') return await rm(manifestPath(folder, name), { force: true })
    const path = blobPath(folder, name)
    if (kind === null || hex === null) return await rm(path, { force: true })
    const hash: FileHash = { kind, hex }
    // Not renamed yet: the part is still the download's, and a file in the blob's place is not ours.
    if ((await sizeOf(partPaths(folder, hash).part)) !== null) return
    if (sizeBytes === null || (await sizeOf(path)) !== sizeBytes) return
    if ((await sha256Of(path)) === name) adopt({ sha256: name, sizeBytes }, hash)
  }
  return {
    announce: (where, name) => void insert.run(where, name, null, null, null),
    announcePart: ({ kind, hex }, { sha256, sizeBytes }) => void insert.run('blobs', sha256, sizeBytes, kind, hex),
    done: (where, name) => void remove.run(where, name),
    async settle(adopt) {
      for (const row of z.array(pendingRow).parse(database.prepare('SELECT * FROM pending').all())) {
        await settleOne(row, adopt)
        remove.run(row.folder, row.name)
      }
    },
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? found.size : null
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
