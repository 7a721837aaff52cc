// The list of chats: changed at once, on the disk a moment later, and as main has it where main refuses.
import { expect, test } from 'vitest'
import { chatDesk } from '../../../support/chatDesk.ts'
import { someId } from '../../../support/chatMessages.ts'
import { installed } from '../../../support/models.ts'

async function withChats(...texts: readonly string[]) {
  const parts = await chatDesk()
  await parts.app.select(installed('chat'))
  const { conversation, chats } = parts.app
  const ids: string[] = []
  for (const text of texts) {
    await conversation.create()
    conversation.setDraft({ text, input: '' })
    await conversation.send()
    ids.push(conversation.store.getState().chat?.id ?? '')
  }
  const list = () => chats.store.getState()
  return { ...parts, conversation, chats, ids, list, titles: () => list().chats.map(({ title }) => title) }
}

test('a chat is listed with its first message, named after it, the newest first, pinned ones before', async () => {
  const { chats, ids, titles, list } = await withChats('# One\nmore', 'Two')
  expect(titles()).toEqual(['Two', 'One'])
  await chats.pin(ids[0] ?? '', true)
  expect(titles()).toEqual(['One', 'Two'])
  expect(list().chats[0]).toMatchObject({ messages: 2, isPinned: true })
})

test('a name, a folder and what is removed reach the disk and the chat that is open', async () => {
  const { chats, ids, conversation, backend, titles } = await withChats('One', 'Two')
  const [one = '', two = ''] = ids
  await chats.putFolder({ id: someId(1), name: 'Letters' })
  await chats.rename(two, ' Second ')
  await chats.move(two, someId(1))
  expect(conversation.store.getState().chat).toMatchObject({ title: 'Second', folderId: someId(1) })
  expect(backend.chats.get(two)).toMatchObject({ title: 'Second', folderId: someId(1) })
  await chats.removeFolder(someId(1))
  expect(conversation.store.getState().chat?.folderId).toBeNull()
  expect(backend.chats.get(two)?.folderId).toBeNull()
  await chats.remove([one])
  expect(titles()).toEqual(['Second'])
  expect(chats.store.getState().removed).toMatchObject([{ id: one }])
  await chats.undoRemove()
  expect([titles(), chats.store.getState().removed, [...backend.removed]]).toEqual([['Second', 'One'], [], []])
})

test('a change that main refuses is told, and the list is main’s again', async () => {
  const { chats, ids, titles, backend } = await withChats('One')
  const refusal = { code: 'failed', message: 'no', problem: { code: 'chats-read-only', detail: 'newer' } } as const
  const renaming = chats.rename(ids[0] ?? '', 'Else')
  expect(titles()).toEqual(['Else'])
  backend.failure = refusal
  await renaming
  expect(chats.store.getState().failure).toMatchObject({ problem: { code: 'chats-read-only' } })
  chats.dismiss()
  expect(chats.store.getState().failure).toBeNull()
})

test('named prompts and values are kept', async () => {
  const { chats, backend, list } = await withChats()
  const item = { kind: 'system', id: someId(2), name: 'Short', text: 'Be short.' } as const
  await chats.putItem(item)
  await chats.putItem({ ...item, name: 'Shorter' })
  expect(list().library).toEqual([{ ...item, name: 'Shorter' }])
  expect([...backend.library.values()]).toEqual(list().library)
  await chats.removeItem(item.id)
  expect(list().library).toEqual([])
})

test('what was just written is found and read', async () => {
  const { chats, ids, conversation } = await withChats('A dog named Tim')
  expect(await chats.search('dog', null, 10)).toMatchObject([{ chatId: ids[0] }])
  expect(await chats.search('  ', null, 10)).toEqual([])
  await conversation.create()
  expect(await chats.read(ids[0] ?? '')).toMatchObject({ chat: { id: ids[0] }, messages: [{}, {}] })
})

test('chats of a file are listed, and what came is said', async () => {
  const { chats, backend, list } = await withChats('One')
  backend.imported = { chats: 3, messages: 12, skipped: [] }
  await chats.importFile()
  expect(list().imported).toEqual(backend.imported)
})
