// Answers that go on while another chat is seen, and chats that are never kept.
import { describe, expect, test, vi } from 'vitest'
import { chatDesk, onChat } from '../../../support/chatDesk.ts'
import { installed } from '../../../support/models.ts'

describe('other chats', () => {
  test('an answer goes on while another chat is open, and is found again as it is', async () => {
    const { conversation, say, state, engine, backend } = await onChat({ byHand: true })
    const saying = say('Hi!')
    await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
    const id = state().chat?.id ?? ''
    await conversation.create()
    expect(state()).toMatchObject({ run: { kind: 'idle' }, live: null, path: [], writingChatId: id })
    engine.step()
    await conversation.open(id)
    await vi.waitFor(() => expect(state().live?.text).toBe(','))
    await conversation.create()
    engine.step()
    engine.step()
    await saying
    expect(state().writingChatId).toBeNull()
    expect([...backend.messages.values()].at(-1)).toMatchObject({ text: ', there was', state: 'done' })
    await conversation.open(id)
    expect(state().path.at(-1)?.text).toBe(', there was')
  })

  test('a chat goes on with its own model where that is near, and nothing ends for it', async () => {
    const { app, conversation, say, state, engine } = await onChat({ byHand: true })
    const id = state().chat?.id ?? ''
    const first = say('One')
    for (let step = 0; step < 3; step++) engine.step()
    await first
    await conversation.create()
    await app.select(installed('instruct'))
    const second = say('Two')
    await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
    await conversation.open(id)
    expect(app.models.getState().selected).toEqual(installed('instruct'))
    for (let step = 0; step < 3; step++) engine.step()
    await second
    await conversation.create()
    await conversation.open(id)
    expect(app.models.getState().selected).toEqual(installed('chat'))
  })

  test('a message in another chat waits for the answer that is being written', async () => {
    const { conversation, say, state, engine } = await onChat({ byHand: true })
    const first = say('One')
    await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
    const id = state().chat?.id
    await conversation.create()
    const second = say('Two')
    expect(state()).toMatchObject({ run: { kind: 'waiting' }, writingChatId: id })
    for (let step = 0; step < 6; step++) engine.step()
    await Promise.all([first, second])
    expect(state().path.map(({ text }) => text)).toEqual(['Two', ', there was'])
    expect(engine.requests).toHaveLength(2)
  })

  test('what was used last is open after a restart, with its draft and its model', async () => {
    const { conversation, say, state, backend } = await onChat()
    await say('Hi!')
    conversation.setDraft({ text: 'not sent', input: 'yet' })
    conversation.flush()
    const { chat } = state()
    await vi.waitFor(() => expect(backend.chats.get(chat?.id ?? '')?.draft.text).toBe('not sent'))
    const again = await chatDesk({ backend })
    expect(again.app.models.getState().selected).toEqual(installed('chat'))
    expect(again.app.conversation.store.getState()).toMatchObject({
      chat: { id: chat?.id, draft: { text: 'not sent', input: 'yet' } },
      path: [{ text: 'Hi!' }, { text: ', there was' }],
    })
  })

  test('an answer that a window before was writing is interrupted, here and on the disk', async () => {
    const { say, state, engine, backend, conversation } = await onChat({ byHand: true })
    void say('Hi!')
    engine.step()
    await vi.waitFor(() => expect(state().live?.text).toBe(','))
    conversation.flush()
    await vi.waitFor(() => expect([...backend.messages.values()].at(-1)?.text).toBe(','))
    const again = await chatDesk({ backend })
    const { path, live } = again.app.conversation.store.getState()
    expect([path.at(-1), live]).toMatchObject([{ text: ',', state: 'interrupted' }, null])
    await vi.waitFor(() => expect(backend.messages.get(path.at(-1)?.id ?? '')?.state).toBe('interrupted'))
  })

  test('a chat whose branch is not known any more shows the newest; one that was taken back to its beginning stays there', async () => {
    const { conversation, say, state, backend, texts } = await onChat()
    await say('Hi!')
    await conversation.regenerate(state().path[1]?.id ?? '')
    const { chat, path } = state()
    const id = chat?.id ?? ''
    const kept = backend.chats.get(id)
    if (kept === undefined) throw new Error('the chat is kept')
    await conversation.create()
    backend.chats.set(id, { ...kept, leafId: null })
    await conversation.open(id)
    expect(state().path.map((message) => message.id)).toEqual(path.map((message) => message.id))
    conversation.undo()
    await conversation.create()
    await conversation.open(id)
    expect([texts(), state().chat?.draft.text]).toEqual([[], 'Hi!'])
  })

  test('removing the open chat opens a new one and stops its answer; it can be brought back', async () => {
    const { app, conversation, say, state, backend } = await onChat({ byHand: true })
    const saying = say('Hi!')
    await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
    const id = state().chat?.id ?? ''
    await app.chats.remove([id])
    await saying
    expect(state().chat?.id).not.toBe(id)
    expect(backend.removed.has(id)).toBe(true)
    await app.chats.undoRemove()
    await conversation.open(id)
    expect(state().path[0]?.text).toBe('Hi!')
  })
})

test('a temporary chat asks nothing of main', async () => {
  const { app, conversation, say, state, texts, backend, last } = await onChat()
  await conversation.create({ isTemporary: true })
  const before = backend.asked.length
  await say('Hi!')
  await conversation.regenerate(last().id)
  conversation.setDraft({ text: 'draft', input: '' })
  conversation.flush()
  expect(await conversation.record(last().id)).toMatchObject({ prompt: { kind: 'turns' } })
  await conversation.removeMessage(last().id)
  conversation.undo()
  await conversation.fork(last().id)
  expect(state().isTemporary).toBe(true)
  expect(texts()).toEqual(['Hi!', ', there was'])
  expect(await app.chats.read(state().chat?.id ?? '')).toMatchObject({ messages: [{}, {}] })
  expect(app.chats.store.getState().chats).toEqual([])
  expect(backend.asked.slice(before)).toEqual([])
})
