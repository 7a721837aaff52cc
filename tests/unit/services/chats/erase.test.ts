// What a person removed is nowhere any more: not in the file, not in its log, not in a copy. Whatever is not removed stays, and so does every copy.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../../../../electron/services/chats/backups.ts'
import { createCopies } from '../../../../electron/services/chats/copies.ts'
import { keepCopies } from '../../../../electron/services/chats/keepCopies.ts'
import { listBackups, placesIn } from '../../../../electron/services/chats/places.ts'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { copyAsKilled, filesWith, firstForm, overwrite, pageBytes, writeChats } from '../../../support/chatsOnDisk.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
import { randomSource } from '../../../support/random.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(quickFolder, 'hearth-erase-'))
  folder = join(root, 'chats')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const secret = 'unmistakablesecret'
const startMs = Date.UTC(2026, 0, 1, 12)
const workerUrl = new URL('../../../../electron/services/chats/backupWorker.ts', import.meta.url)
const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()]
const keep = (run: string, day = 0) => keepCopies({ folder, run, nowMs: startMs + day * dayMs })
const names = () => readdirSync(join(folder, 'backups')).sort()
const copies = () => listBackups(placesIn(folder))
const countIn = (path: string, table: string) => {
  using database = new DatabaseSync(path, { readOnly: true })
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  return database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count
}

test('a chat that was removed is in no file after the next start, and every copy stays', () => {
  const kept = writeChats(folder, 2, 5)
  const gone = chatNamed(`named ${secret}`, { draft: { text: secret, input: '' } })
  {
    using chats = keptChats({ folder, run: first })
    chats.create(gone, [messageIn(gone.id, `${secret} 🏰 ${secret}`, { input: secret })])
    for (const day of [0, 1, 2]) expect(keep(first, day)).toEqual({ kind: 'made', erased: [] })
    chats.remove([gone.id])
    // It can still be brought back.
    expect(keep(first, 2)).toEqual({ kind: 'nothing', erased: [] })
    expect(chats.removedItems()).toBe(1)
  }
  expect(filesWith(root, secret)).toHaveLength(4)
  const before = names()
  {
    using chats = keptChats({ folder, run: second })
    chats.overview()
    expect(chats.removedItems()).toBe(1)
    expect(keep(second, 2)).toEqual({ kind: 'nothing', erased: [gone.id] })
    chats.erased([gone.id])
    expect(chats.removedItems()).toBe(0)
    expect(filesWith(root, secret)).toEqual([])
    for (const { chat, messages } of kept) expect(chats.open(chat.id).messages).toEqual(messages)
  }
  expect(names()).toEqual(before)
  for (const { path } of copies()) expect([countIn(path, 'chat'), countIn(path, 'message')]).toEqual([2, 10])
  expect(keep(third, 2)).toEqual({ kind: 'nothing', erased: [] })
})

test('a message, a system prompt and a folder are erased as well, and what was brought back is not', () => {
  const [one] = writeChats(folder, 1, 3)
  if (one === undefined) throw new Error('nothing was written')
  const [kept, gone] = [messageIn(one.chat.id, 'brought back'), messageIn(one.chat.id, secret)]
  const item = { kind: 'system', id: randomUUID(), name: 'mine', text: secret } as const
  const group = { id: randomUUID(), name: secret }
  {
    using chats = keptChats({ folder, run: first })
    chats.add(one.chat.id, [kept, gone, messageIn(one.chat.id, `hangs on it: ${secret}`, { parentId: gone.id })], null)
    chats.putItem(item)
    chats.putFolder(group)
    keep(first)
    chats.removeMessages(one.chat.id, [kept.id, gone.id], null)
    chats.removeItem(item.id)
    chats.removeFolder(group.id)
    chats.add(one.chat.id, [kept], null)
  }
  using chats = keptChats({ folder, run: second })
  chats.overview()
  expect(keep(second)).toMatchObject({ kind: 'nothing', erased: { length: 4 } })
  expect(filesWith(root, secret)).toEqual([])
  expect(chats.open(one.chat.id).messages).toHaveLength(4)
  expect(countIn(copies()[0]?.path ?? '', 'message')).toBe(4)
})

test('all at once where a person asks for it, also what could be brought back, and what lies aside', async () => {
  using chats = keptChats({ folder, run: first })
  const gone = chatNamed('')
  chats.create(gone, [messageIn(gone.id, secret)])
  keep(first)
  chats.remove([gone.id])
  writeFileSync(join(folder, 'damaged-2026-01-01T00-00-00-000Z.db'), secret)
  const own = createCopies({ folder, run: first, chats: chats.opened, workerUrl, now: () => startMs })
  expect(own.facts()).toEqual({ copies: 1, newestAtMs: startMs, removed: 1, damaged: 1 })
  expect(await own.erase(false)).toEqual({ copies: 1, newestAtMs: startMs, removed: 0, damaged: 1 })
  expect(filesWith(root, secret)).toHaveLength(1)
  expect(await own.erase(true)).toMatchObject({ copies: 1, damaged: 0 })
  expect(filesWith(root, secret)).toEqual([])
  chats.restore([gone.id])
  expect(chats.overview().chats).toEqual([])
})

test('a copy of the first form is cleaned in its own form', () => {
  const [kept, gone] = [chatNamed('kept'), chatNamed(secret)]
  firstForm(folder, kept, [messageIn(kept.id, 'A castle 🏰')])
  {
    using chats = keptChats({ folder, run: first, now: () => startMs })
    chats.overview()
  }
  // As if it had been there at that time.
  {
    using database = new DatabaseSync(copies()[0]?.path ?? '')
    database.prepare('UPDATE chat SET title = ? WHERE id = ?').run(secret, kept.id)
  }
  {
    using chats = keptChats({ folder, run: first })
    chats.create(gone, [messageIn(gone.id, secret)])
    chats.remove([kept.id, gone.id])
  }
  using chats = keptChats({ folder, run: second })
  chats.overview()
  expect(keep(second)).toMatchObject({ kind: 'nothing', erased: { length: 2 } })
  expect(filesWith(root, secret)).toEqual([])
  expect(copies()).toMatchObject([{ version: 1 }])
  expect(countIn(copies()[0]?.path ?? '', 'chat')).toBe(0)
})

test('a damaged copy goes only where there is a sound one, and none goes while the chats themselves are damaged', () => {
  writeChats(folder, 12, 40)
  const gone = chatNamed('')
  {
    using chats = keptChats({ folder, run: first })
    chats.create(gone, [messageIn(gone.id, secret)])
    keep(first)
    chats.remove([gone.id])
  }
  const [copy] = copies()
  if (copy === undefined) throw new Error('no copy')
  for (let page = 3; page < statSync(copy.path).size / pageBytes; page++)
    overwrite(copy.path, page * pageBytes + 8, new Uint8Array(200).fill(255))
  {
    using chats = keptChats({ folder, run: second })
    chats.overview()
    expect(keep(second, 0.5)).toMatchObject({ erased: [gone.id] })
    expect(copies().map(({ atMs }) => atMs)).toEqual([startMs + dayMs / 2])
    expect(countIn(copies()[0]?.path ?? '', 'message')).toBe(480)
    expect(filesWith(root, secret)).toEqual([])
  }
})

test('what was removed does not come back with a backup', () => {
  const [kept] = writeChats(folder, 1, 10)
  const gone = chatNamed('')
  {
    using chats = keptChats({ folder, run: first })
    chats.create(gone, [messageIn(gone.id, secret)])
    keep(first)
    chats.remove([gone.id])
  }
  {
    using chats = keptChats({ folder, run: second })
    chats.overview()
    copyAsKilled(folder, join(root, 'killed'))
  }
  copyAsKilled(join(root, 'killed'), folder)
  overwrite(join(folder, 'chats.db'), 68, new Uint8Array(4).fill(1))
  using chats = keptChats({ folder, run: second })
  expect(chats.overview()).toMatchObject({ chats: [{ id: kept?.chat.id }], notice: { kind: 'restored' } })
  expect(chats.overview().chats).toHaveLength(1)
  expect(keep(second)).toMatchObject({ erased: [gone.id] })
  expect(readFileSync(copies()[0]?.path ?? '').includes(secret)).toBe(false)
})

test('whatever is removed, no page keeps a trace of it', () => {
  const seed = Date.now() % 1_000_000
  console.info(`seed ${seed}`)
  const random = randomSource(seed)
  for (let round = 0; round < 12; round++) {
    const place = join(root, String(round), 'chats')
    const all = Array.from({ length: 20 + Math.floor(random() * 12) }, (_, number) => ({
      chat: chatNamed(''),
      word: `secretword${number}x`,
      isRemoved: random() < 0.7,
    }))
    using chats = keptChats({ folder: place, run: first })
    for (const { chat, word } of all) {
      const filler = 'filler words '.repeat(random() * 200)
      chats.create(chat, [messageIn(chat.id, `${word} and ${filler}${word}`)])
      if (random() < 0.1) keepCopies({ folder: place, run: first, nowMs: startMs + round * dayMs })
    }
    // In two goes: rows move between pages.
    for (const half of [0, 1]) {
      const gone = all.filter(({ isRemoved }, index) => isRemoved && index % 2 === half)
      chats.remove(gone.map(({ chat }) => chat.id))
      chats.endUndo()
      const outcome = keepCopies({ folder: place, run: first, nowMs: startMs })
      if ('erased' in outcome) chats.erased(outcome.erased)
      expect(gone.flatMap(({ word }) => filesWith(place, word))).toEqual([])
    }
    for (const { chat, isRemoved } of all) if (!isRemoved) expect(chats.open(chat.id).messages).toHaveLength(1)
  }
})
