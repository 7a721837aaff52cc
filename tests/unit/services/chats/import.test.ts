// Chats from a file: always beside what is there, whole chats or none, and no file that is too much.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chatsHandlers } from '../../../../electron/chats/handlers.ts'
import type { ReadChatsFile } from '../../../../electron/services/chats/importChats.ts'
import type { OpenChats } from '../../../../electron/services/chats/openChats.ts'
import { readChatsFile } from '../../../../shared/chats/import/readChatsFile.ts'
import type { NoChatsReason } from '../../../../shared/problems.ts'
import { answerRecordOf, chatNamed, keptChats, messageIn, noCopies } from '../../../support/chats.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-import-'))
  path = join(folder, 'conversations.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
const open = () => keptChats({ folder: join(folder, 'chats') })
const importing = (kept: ReturnType<typeof open>, read: ReadChatsFile) =>
  chatsHandlers(kept.opened, read, noCopies)['process.import']({ path }, signal)

test('a file taken in twice gives every chat twice, with new ids', async () => {
  const chat = chatNamed('From elsewhere')
  const question = messageIn(chat.id, 'Why?')
  const answer = messageIn(chat.id, 'Because.', { role: 'assistant', parentId: question.id, state: 'streaming' })
  const found = {
    chat: { ...chat, leafId: answer.id },
    messages: [question, answer],
    records: [answerRecordOf(answer.id)],
  }
  writeFileSync(path, '{}')
  using kept = open()
  kept.create(chat, [question])
  const empty = { kind: 'chat', chat: { title: '', place: 7 }, reason: 'no-text' } as const
  for (let time = 0; time < 2; time++)
    expect(await importing(kept, () => ({ chats: [found], skipped: [empty] }))).toEqual({
      chats: 1,
      messages: 2,
      skipped: [empty],
    })
  const { chats } = kept.overview()
  expect(chats.map(({ messages }) => messages).sort()).toEqual([1, 2, 2])
  expect(new Set(chats.map(({ id }) => id)).size).toBe(3)
  const taken = kept.open(chats.find(({ messages }) => messages === 2)?.id ?? '')
  const [first, second] = taken.messages
  expect(second).toMatchObject({ parentId: first?.id, text: 'Because.', state: 'interrupted' })
  expect(taken.chat.leafId).toBe(second?.id)
  expect(second?.id).not.toBe(answer.id)
  expect(kept.record(second?.id ?? '')).toMatchObject({ messageId: second?.id })
})

test('chats are written together, some hundred at a time and fewer where they are long', async () => {
  writeFileSync(path, '')
  using kept = open()
  let writes = 0
  const opened: OpenChats = {
    ...kept.opened,
    ask: (work) => {
      writes++
      return kept.opened.ask(work)
    },
  }
  const found = (count: number, messagesEach: number) =>
    Array.from({ length: count }, (_, number) => {
      const chat = chatNamed(`Chat ${number}`)
      return { chat, messages: Array.from({ length: messagesEach }, () => messageIn(chat.id, 'x')), records: [] }
    })
  const take = (chats: ReturnType<typeof found>) =>
    chatsHandlers(opened, () => ({ chats, skipped: [] }), noCopies)['process.import']({ path }, signal)
  expect(await take(found(250, 1))).toMatchObject({ chats: 250, messages: 250 })
  expect(writes).toBe(3)
  expect(await take(found(3, 600))).toMatchObject({ chats: 3, messages: 1800 })
  expect(writes).toBe(5)
  expect(await take([])).toMatchObject({ chats: 0 })
  expect(writes).toBe(5)
  expect(kept.overview().chats).toHaveLength(253)
})

test('of chats that are written together all are there or none', async () => {
  writeFileSync(path, '')
  using kept = open()
  const [good, bad] = [chatNamed('good'), chatNamed('bad')]
  const write = () =>
    kept.createAll([
      { chat: good, messages: [messageIn(good.id, 'x')], records: [] },
      { chat: { ...bad, folderId: crypto.randomUUID() }, messages: [], records: [] },
    ])
  expect(write).toThrow('no such folder')
  expect(kept.overview().chats).toEqual([])
})

test('a chat whose messages do not fit together is left out, the others are taken', async () => {
  const [good, bad] = [chatNamed('good'), chatNamed('bad')]
  const orphan = messageIn(bad.id, 'x', { parentId: crypto.randomUUID() })
  writeFileSync(path, '')
  using kept = open()
  const read = () => ({
    chats: [
      { chat: bad, messages: [orphan], records: [] },
      { chat: good, messages: [messageIn(good.id, 'y')], records: [] },
    ],
    skipped: [],
  })
  expect(await importing(kept, read)).toEqual({
    chats: 1,
    messages: 1,
    skipped: [{ kind: 'chat', chat: { title: 'bad', place: null }, reason: 'apart' }],
  })
  expect(kept.overview().chats).toMatchObject([{ title: 'good' }])
})

test('an export of ChatGPT comes in as it is', async () => {
  const node = (id: string, parent: string | null, children: string[], role: string | null, text: string) => ({
    id,
    parent,
    children,
    message:
      role === null
        ? null
        : { id, author: { role }, create_time: 1_700_000_000, content: { content_type: 'text', parts: [text] } },
  })
  const mapping = {
    root: node('root', null, ['a'], null, ''),
    a: node('a', 'root', ['b'], 'user', 'Is a zeppelin a balloon?'),
    b: node('b', 'a', [], 'assistant', 'It is an airship.'),
  }
  const conversation = { title: 'Airships', create_time: 1, update_time: 2, mapping, current_node: 'b', id: 'x' }
  writeFileSync(path, JSON.stringify([conversation]))
  using kept = open()
  expect(await importing(kept, readChatsFile)).toMatchObject({ chats: 1, messages: 2 })
  expect(kept.search({ text: 'airship', chatId: null, limit: 5 })).toMatchObject([{ title: 'Airships' }])
})

test('a file that is too large, a folder and nothing at all are refused with their names', async () => {
  using kept = open()
  const never = () => {
    throw new Error('it was read')
  }
  const refused = (reason: NoChatsReason) => ({
    problem: { code: 'no-chats-in-file', file: 'conversations.json', reason },
  })
  await expect(importing(kept, never)).rejects.toMatchObject(refused({ kind: 'not-readable', cause: 'ENOENT' }))
  writeFileSync(path, '')
  truncateSync(path, 301 * 2 ** 20)
  await expect(importing(kept, never)).rejects.toMatchObject(refused({ kind: 'too-large', mostBytes: 300_000_000 }))
})
