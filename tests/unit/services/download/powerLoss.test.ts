// The power goes at any moment of a download: whatever of the unsynced writes reached the disk, the models folder opens, everything it lists is whole, and the
// download goes on to its end. 2,000 states, or HEARTH_STATES of them; the download is finished from every tenth.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDownloads, type Download } from '../../../../electron/services/download/downloads.ts'
import { openPart } from '../../../../electron/services/download/partFile.ts'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import type { Store } from '../../../../electron/services/store/store.ts'
import { gitBlobId, sha256 } from '../../../hub/hubAnswer.ts'
import { type LocalFile, type LocalHub, startLocalHub } from '../../../hub/localHub.ts'
import { memoryFolder } from '../../../rigs/memoryFolder.ts'
import { writeState } from '../../../rigs/powerLoss.ts'
import { realClock } from '../../../rigs/realClock.ts'
import { recordDisk } from '../../../rigs/recordDisk.ts'
import { randomSource } from '../../../support/random.ts'

const states = Number(process.env.HEARTH_STATES ?? 2000)
const finishedEach = 10
const blockBytes = 4096
const content = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17 + (index >> 8) * 3) % 251)
const files: readonly LocalFile[] = [
  { name: 'config.json', bytes: content(300, 1), large: false },
  { name: 'one.bin', bytes: content(blockBytes - 7, 2), large: true },
  { name: 'many.bin', bytes: content(9 * blockBytes + 5, 3), large: true },
]
const [id, commit] = ['somebody/model', 'c'.repeat(40)]
const { signal } = new AbortController()
const quiet = { onBytes: () => {}, onWait: () => {} }

const fileOf = ({ name, bytes, large }: LocalFile): HubFile => ({
  name,
  sizeBytes: bytes.byteLength,
  hash: large ? { kind: 'sha256', hex: sha256(bytes) } : { kind: 'git-blob', hex: gitBlobId(bytes) },
})

function engine(store: Store, local: LocalHub): Download {
  const hub = createHub({
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers } }),
    endpoint: endpointOf({ HF_ENDPOINT: local.state.hubOrigin }),
    now: Date.now,
  })
  const usual = { random: Math.random, clock: realClock, reserveBytes: 0, blockBytes }
  return createDownloads({ hub, store, ...usual, connections: () => 3, speedLimitBytesPerSecond: () => null })
}

async function pull(folder: string, local: LocalHub, stop = signal): Promise<void> {
  await using store = await createStore({ folder })
  const download = engine(store, local)
  for (const file of files) await download({ id, commit, file: fileOf(file) }, quiet, stop)
}

/** A download that stops once and goes on. */
async function record(local: LocalHub) {
  const folder = memoryFolder('hearth-record-')
  using recording = recordDisk(folder)
  let left = 6
  const stop = new AbortController()
  local.fault = (request) => {
    if (request.server === 'files' && --left === 0) stop.abort(new Error('stopped'))
    return false
  }
  await expect(pull(folder, local, stop.signal)).rejects.toThrow('stopped')
  local.fault = null
  await pull(folder, local)
  rmSync(folder, { recursive: true })
  return recording.events
}

/** What is wrong with a folder; opens it as the app does. */
async function problems(folder: string): Promise<readonly string[]> {
  await using store = await createStore({ folder })
  const found: string[] = []
  for (const file of files) {
    const { hash, sizeBytes } = fileOf(file)
    const blob = store.blob(hash)
    const isWhole = () => existsSync(blob?.path ?? '') && readFileSync(blob?.path ?? '').equals(file.bytes)
    if (blob !== null && !isWhole()) found.push(`${file.name} is listed and not whole`)
    if (blob !== null || !existsSync(store.partPaths(hash).journal)) continue
    await using part = await openPart(store.partPaths(hash), fileOf(file), blockBytes)
    for (const block of part.blocks.keys()) {
      const right = file.bytes.subarray(block * blockBytes, Math.min((block + 1) * blockBytes, sizeBytes))
      const bytes = await part.readBlock(block * blockBytes, right.byteLength)
      if (!Buffer.from(bytes).equals(right)) found.push(`block ${block} of ${file.name} is believed and wrong`)
    }
  }
  return found
}

test('whatever the disk kept, nothing wrong is listed and the download ends', { timeout: 600_000 }, async () => {
  const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1e6)
  const random = randomSource(seed)
  await using local = await startLocalHub({
    repositories: [{ id, commit, files, branches: { main: commit } }],
    requestsLeft: Number.POSITIVE_INFINITY,
  })
  const events = await record(local)
  const kinds = Object.entries(Object.groupBy(events, ({ kind }) => kind)).map(
    ([kind, all]) => `${all?.length} ${kind}`,
  )
  let finished = 0
  let published = 0
  for (let state = 0; state < states; state++) {
    const length = Math.floor(random() * (events.length + 1))
    const folder = memoryFolder('hearth-power-')
    try {
      writeState(events, length, random, folder)
      const where = { seed, state, length }
      expect({ ...where, problems: await problems(folder) }).toEqual({ ...where, problems: [] })
      published += existsSync(join(folder, 'blobs', sha256(files[2]?.bytes ?? new Uint8Array()))) ? 1 : 0
      if (state % finishedEach !== 0) continue
      await pull(folder, local)
      finished++
      for (const { bytes } of files) {
        const stored = readFileSync(join(folder, 'blobs', sha256(bytes)))
        expect({ ...where, hash: createHash('sha256').update(stored).digest('hex') }).toEqual({
          ...where,
          hash: sha256(bytes),
        })
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  console.log(
    `seed ${seed}: ${states} states of ${events.length} events (${kinds.join(', ')}), ${finished} finished, ${published} with the last file`,
  )
  // The recording is one of a download, not of nothing.
  for (const kind of ['write', 'sync', 'rename', 'syncFolder', 'database']) expect(kinds.join()).toContain(kind)
})
