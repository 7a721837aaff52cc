// Chats on the disk: what is written is there when it is read again, by another opening of the file.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-chats-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (options: { readonly run?: string; readonly now?: () => number } = {}) => keptChats({ folder, ...options })
const problem = (code: string, rest: object = {}) =>
  expect.objectContaining({ problem: expect.objectContaining({ code, ...rest }) })

test('a chat with its branches is read as it was written', () => {
  const chat = chatNamed('Gardens')
  const question = messageIn(chat.id, 'Which roses?\0 𝒳')
  const answer = messageIn(chat.id, 'White ones.', {
    role: 'assistant',
    parentId: question.id,
    seed: 7,
    finish: 'stop',
  })
  const other = messageIn(chat.id, 'Red ones.', { role: 'assistant', parentId: question.id })
  {
    using chats = open()
    chats.create({ ...chat, leafId: answer.id }, [question, answer])
    chats.add(chat.id, [other], other.id)
  }
  using chats = open()
  const read = chats.open(chat.id)
  expect(read.messages).toEqual([question, answer, other])
  expect(read.chat).toEqual({ ...chat, leafId: other.id, updatedAtMs: expect.any(Number) })
  expect(chats.overview().chats).toEqual([
    expect.objectContaining({ id: chat.id, title: 'Gardens', messages: 3, isPinned: false }),
  ])
})

test('on a disk of another computer, the chats work and it is said at each start, unless there is worse to say', () => {
  for (const disk of ['NFS', 'SMB', null]) {
    using chats = keptChats({ folder, shareOf: (of) => (of === folder ? disk : 'another folder') })
    expect(chats.overview().notice).toEqual(disk === null ? { kind: 'none' } : { kind: 'network-disk', disk })
    chats.create(chatNamed('Far'), [])
  }
  writeFileSync(join(folder, 'chats.db'), 'no database')
  using chats = keptChats({ folder, shareOf: () => 'NFS' })
  expect(chats.overview().notice.kind).toBe('restored')
})

test('text is added where it belongs, once', () => {
  const chat = chatNamed('')
  const answer = messageIn(chat.id, 'ab', { role: 'assistant', state: 'streaming' })
  using chats = open()
  chats.create(chat, [answer])
  const text = () => chats.open(chat.id).messages[0]?.text
  chats.append(answer.id, 2, 'cd')
  chats.append(answer.id, 2, 'cd')
  expect(text()).toBe('abcd')
  // Asked again with what came meanwhile.
  chats.append(answer.id, 2, 'cdef')
  expect(text()).toBe('abcdef')
  expect(() => chats.append(answer.id, 2, 'xy')).toThrow(problem('chats-conflict'))
  expect(() => chats.append(answer.id, 7, 'g')).toThrow(problem('chats-conflict'))
  expect(() => chats.append(randomUUID(), 0, 'g')).toThrow(problem('chats-gone', { what: 'message' }))
  chats.append(answer.id, 6, '日本')
  chats.append(answer.id, 8, '🏰')
  chats.append(answer.id, 10, '.')
  expect(text()).toBe('abcdef日本🏰.')
})

test('an answer that was being written when the process ended is interrupted, with its text', () => {
  const chat = chatNamed('')
  const answer = messageIn(chat.id, 'Once', { role: 'assistant', state: 'streaming' })
  {
    using chats = open()
    chats.create(chat, [answer])
    chats.append(answer.id, 4, ' upon')
  }
  using chats = open()
  expect(chats.open(chat.id).messages).toEqual([{ ...answer, text: 'Once upon', state: 'interrupted' }])
})

test('a removed chat comes back in the same run, and is wiped in the next', () => {
  const [kept, gone] = [chatNamed('kept'), chatNamed('gone')]
  const secret = messageIn(gone.id, 'a-secret-that-nobody-shall-read')
  {
    using chats = open()
    chats.create(kept, [])
    chats.create(gone, [secret])
    chats.remove([gone.id])
    expect(chats.overview().chats.map(({ title }) => title)).toEqual(['kept'])
    expect(() => chats.open(gone.id)).toThrow(problem('chats-gone', { what: 'chat' }))
    expect(chats.search({ text: 'secret', chatId: null, limit: 5 })).toEqual([])
  }
  {
    using chats = open()
    chats.restore([gone.id])
    expect(chats.open(gone.id).messages).toEqual([secret])
    chats.remove([gone.id])
  }
  {
    using chats = open({ run: randomUUID() })
    chats.restore([gone.id])
    expect(chats.overview().chats.map(({ title }) => title)).toEqual(['kept'])
  }
  using database = new DatabaseSync(join(folder, 'chats.db'))
  expect(Buffer.from(database.serialize()).includes('secret-that')).toBe(false)
})

test('messages are removed with what hangs on them, however long the branch', () => {
  const chat = chatNamed('')
  const first = messageIn(chat.id, 'first')
  let parentId = first.id
  const branch = Array.from({ length: 5000 }, (_, index) => {
    const one = messageIn(chat.id, `message ${index}`, { parentId })
    parentId = one.id
    return one
  })
  using chats = open()
  chats.create(chat, [first, ...branch])
  chats.removeMessages(chat.id, [branch[0]?.id ?? ''], first.id)
  expect(chats.open(chat.id)).toMatchObject({ chat: { leafId: first.id }, messages: [first] })
})
