// Killed at random moments while what was removed goes from the file and from all copies: nothing else is lost, each copy is whole at each moment, and the
// next start ends it. HEARTH_KILLS=1000 makes it as many; 12 in the usual run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dayMs, makeBackup } from '../../../../electron/services/chats/backups.ts'
import { listBackups, placesIn } from '../../../../electron/services/chats/places.ts'
import { memoryFolder } from '../../../rigs/memoryFolder.ts'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { filesWith, writeChats } from '../../../support/chatsOnDisk.ts'
import { randomSource } from '../../../support/random.ts'

const kills = Number(process.env.HEARTH_KILLS ?? 12)
const [chats, messagesEach, days] = [6, 60, 5] as const
const secret = 'unmistakablesecret'
const child = fileURLToPath(new URL('../../../rigs/eraseChild.ts', import.meta.url))
const startMs = Date.UTC(2026, 0, 1)

/** What it said; null: it was killed. How long it ran after it had begun. */
async function runChild(folder: string, killAfterMs: number | null): Promise<{ said: string | null; tookMs: number }> {
  const args = ['--disable-warning=ExperimentalWarning', child, folder, String(startMs + days * dayMs)]
  const running = spawn(process.execPath, args)
  let said = ''
  let beganMs = 0
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') {
      beganMs = performance.now()
      if (killAfterMs !== null) setTimeout(() => running.kill('SIGKILL'), killAfterMs)
    }
    said += text
  })
  const [code] = await once(running, 'close')
  return { said: code === 0 ? said : null, tookMs: performance.now() - beganMs }
}

/** A file with days of copies, in which a chat was removed and the run has ended. */
function prepare(folder: string) {
  const kept = writeChats(folder, chats, messagesEach)
  const gone = chatNamed(secret)
  using opened = keptChats({ folder })
  opened.create(gone, [messageIn(gone.id, `${secret} 🏰`)])
  using database = new DatabaseSync(placesIn(folder).file, { readOnly: true })
  for (let day = 0; day < days; day++) makeBackup(database, placesIn(folder), startMs + day * dayMs)
  opened.remove([gone.id])
  return kept
}

const all = chats * messagesEach
const found = { cleaned: 0, notYet: 0 }

function expectCopies(folder: string): void {
  const copies = listBackups(placesIn(folder))
  expect(copies.filter(({ atMs }) => atMs < startMs + days * dayMs)).toHaveLength(days)
  for (const { path } of copies) {
    using database = new DatabaseSync(path, { readOnly: true })
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    const { count } = database.prepare('SELECT count(*) AS count FROM message').get() as { readonly count: number }
    expect([all, all + 1]).toContain(count)
    found[count === all ? 'cleaned' : 'notYet']++
  }
}

test('killed while it is erased, nothing else is lost and the next start ends it', {
  timeout: kills * 20_000,
}, async () => {
  const seed = Date.now() % 1_000_000
  console.info(`seed ${seed}, ${kills} kills`)
  const random = randomSource(seed)
  let [killed, tookMs] = [0, 0]
  // On a machine whose speed changes some are too late: then it is done.
  for (let folders = 0; killed < kills && folders < kills; folders++) {
    const root = memoryFolder('hearth-erase-')
    const folder = join(root, 'chats')
    try {
      const kept = prepare(folder)
      // The first tells how long it takes.
      for (let isGoingOn = true; isGoingOn; ) {
        const { said, tookMs: ran } = await runChild(folder, tookMs === 0 ? null : random() * tookMs)
        isGoingOn = said === null
        if (said === null) killed++
        else expect(said).toContain('"erased"')
        if (said !== null) tookMs = ran
        expectCopies(folder)
      }
      expectCopies(folder)
      expect(filesWith(root, secret)).toEqual([])
      using opened = keptChats({ folder })
      expect(opened.overview().chats).toHaveLength(chats)
      for (const { chat, messages } of kept) expect(opened.open(chat.id).messages).toEqual(messages)
      expect(opened.removedItems()).toBe(0)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
  console.info(`${killed} killed in ${tookMs.toFixed(0)} ms each; copies seen: ${JSON.stringify(found)}`)
  expect(killed).toBeGreaterThan(kills / 4)
})
