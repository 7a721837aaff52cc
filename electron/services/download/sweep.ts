// What downloads of long ago have left: parts that nobody has written to for a week and that no job goes on with. Content is never touched.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { partialFolder } from '../store/storePaths.ts'

const keptMs = 7 * 24 * 60 * 60_000
const ownName = /^(sha256-[0-9a-f]{64}|git-blob-[0-9a-f]{40})\.(part|journal)(\.wrong)?$/

/** Gives the names that went. `wanted`: hashes (`sha256-…`, `git-blob-…`) that unfinished jobs fetch. */
export async function sweepParts(
  storeFolder: string,
  wanted: ReadonlySet<string>,
  nowMs: number,
): Promise<readonly string[]> {
  const folder = partialFolder(storeFolder)
  const gone: string[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const [, hash] = ownName.exec(name) ?? []
    if (hash === undefined || wanted.has(hash)) continue
    const found = await stat(join(folder, name)).catch(() => null)
    if (found === null || nowMs - found.mtimeMs < keptMs) continue
    await rm(join(folder, name), { force: true })
    gone.push(name)
  }
  return gone
}
