// A disk that is really full: a few megabytes that somebody else fills while a download goes on.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDownloads } from '../../../../electron/services/download/downloads.ts'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { sha256 } from '../../../hub/hubAnswer.ts'
import { type LocalFile, startLocalHub } from '../../../hub/localHub.ts'
import { realClock } from '../../../rigs/realClock.ts'
import { smallDisk } from '../../../rigs/smallDisk.ts'
import { randomSource } from '../../../support/random.ts'

const mebibyte = 2 ** 20
const bytes = Uint8Array.from({ length: 6 * mebibyte }, (_, index) => (index * 31 + (index >> 8) * 7) % 251)
const file: LocalFile = { name: 'model.bin', bytes, large: true }
const [id, commit] = ['somebody/model', 'c'.repeat(40)]

test('a disk that fills up at any byte ends the download with numbers; with room again it goes on', async ({
  skip,
}) => {
  const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1e6)
  console.log(`seed ${seed}`)
  const random = randomSource(seed)
  for (let run = 0; run < 4; run++) {
    using disk = smallDisk(16 * mebibyte)
    if (disk === null) return skip('mounting is not permitted here')
    await using local = await startLocalHub({
      repositories: [{ id, commit, files: [file], branches: { main: commit } }],
    })
    await using store = await createStore({ folder: join(disk.folder, 'store') })
    const hub = createHub({
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers } }),
      endpoint: endpointOf({ HF_ENDPOINT: local.state.hubOrigin }),
      now: Date.now,
    })
    const download = createDownloads({
      ...{ hub, store, random, clock: realClock, reserveBytes: 0, blockBytes: mebibyte / 4 },
      connections: () => 1 + (run % 4),
      speedLimitBytesPerSecond: () => null,
    })
    const subject = { id, commit, file: { name: file.name, sizeBytes: bytes.length, hash: hashOf(bytes) } }
    const filler = join(disk.folder, 'filler')
    const from = Math.floor(random() * 5 * mebibyte)
    let isFilled = false
    const onBytes = (doneBytes: number) => {
      if (isFilled || doneBytes < from) return
      isFilled = true
      fill(filler)
    }
    const get = () => download(subject, { onBytes, onWait: () => {} }, new AbortController().signal)
    await expect(get()).rejects.toMatchObject({
      problem: { code: 'disk-full', needBytes: expect.any(Number), freeBytes: expect.any(Number) },
    })
    expect(store.blob(subject.file.hash)).toBeNull()
    rmSync(filler)
    const before = contentRequests(local.seen)
    const blob = await get()
    expect(Buffer.from(readFileSync(blob.path)).equals(bytes)).toBe(true)
    // What was there before the disk was full is not asked for again, but for the blocks under way.
    expect(contentRequests(local.seen) - before).toBeLessThanOrEqual(24 - Math.floor((from * 4) / mebibyte) + 4)
  }
})

function fill(path: string): void {
  for (const piece of [mebibyte, 4096]) {
    for (;;) {
      try {
        writeFileSync(path, Buffer.alloc(piece), { flag: 'a' })
      } catch {
        break
      }
    }
  }
}

function hashOf(content: Uint8Array) {
  return { kind: 'sha256', hex: sha256(content) } as const
}

function contentRequests(seen: readonly { readonly server: string }[]): number {
  return seen.filter(({ server }) => server === 'files').length
}
