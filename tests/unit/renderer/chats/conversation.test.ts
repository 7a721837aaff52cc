// The open conversation without a screen: sending, answers and their versions, stopping, what fails.
import { describe, expect, test, vi } from 'vitest'
import type { Message } from '../../../../shared/chats/types.ts'
import { type ChatDeskOptions, chatDesk, openChatDesk } from '../../../support/chatDesk.ts'
import { installed } from '../../../support/models.ts'

async function onChat(options: ChatDeskOptions = {}) {
  const parts = await chatDesk(options)
  await parts.app.select(installed('chat'))
  const { conversation } = parts.app
  const state = () => conversation.store.getState()
  const say = (text: string, input = '') => {
    conversation.setDraft({ text, input })
    return conversation.send()
  }
  const texts = () => state().path.map(({ text }) => text)
  const last = (): Message => {
    const message = state().path.at(-1)
    if (message === undefined) throw new Error('the branch is empty')
    return message
  }
  return { ...parts, conversation, state, say, texts, last }
}

test('a message and its answer become the branch, and are on the disk', async () => {
  const { conversation, state, say, backend, last } = await onChat()
  await say(' Hi! ')
  expect(state().path).toMatchObject([
    { role: 'user', text: 'Hi!', parentId: null, state: 'done', writer: null },
    { role: 'assistant', text: ', there was', state: 'done', finish: 'length', seed: 101, writer: { variant: 'chat' } },
  ])
  expect(state()).toMatchObject({ run: { kind: 'idle' }, live: null, problem: null, writingChatId: null })
  expect(state().chat).toMatchObject({ draft: { text: '' }, settings: { modelKey: installed('chat').key } })
  expect([...backend.messages.values()]).toEqual(state().path)
  expect(backend.chats.get(state().chat?.id ?? '')).toEqual({ ...state().chat, updatedAtMs: expect.any(Number) })
  expect(await conversation.record(last().id)).toMatchObject({
    prompt: { kind: 'turns', pieces: [{ role: 'user', text: 'Hi!' }] },
    sampling: { seed: 101, temperature: 0.7 },
    adapter: 'google swiftshader',
    library: 'software',
    startsAt: 0,
    tokens: null,
  })
})

test('before a model is chosen a chat is shown as the one it was written with would have it', async () => {
  const { say, backend } = await onChat()
  await say('Hi!')
  const { app } = openChatDesk({ backend })
  const documents: unknown[] = []
  app.conversation.store.subscribe(({ chat, document }) => {
    if (chat !== null) documents.push(document)
  })
  await app.start()
  expect(app.conversation.variant()).toBe('chat')
  expect(documents.length).toBeGreaterThan(0)
  expect(new Set(documents)).toEqual(new Set([null]))
})

test('the message is on the disk before the model is asked', async () => {
  const { say, backend, engine } = await onChat()
  let there: readonly string[] = []
  const generate = engine.generate
  engine.generate = (...given) => {
    there = [...backend.messages.values()].map(({ role, state }) => `${role} ${state}`)
    return generate(...given)
  }
  await say('Hi!')
  expect(there).toEqual(['user done', 'assistant streaming'])
})

test('every turn so far is sent to a chat model, the last alone to an instruct model', async () => {
  const { app, say, engine, conversation } = await onChat()
  await say('Hi!')
  await say('And then?')
  await app.select(installed('instruct'))
  await say('Sum up.', 'all of it')
  conversation.change({ sendsEarlierTurns: true, systemText: 'Be short.' })
  await say('Again.')
  const asked = engine.requests.map(({ prompt }) =>
    prompt.kind === 'turns' ? prompt.turns.map(({ text }) => text) : [],
  )
  expect(asked).toEqual([
    ['Hi!'],
    ['Hi!', ', there was', 'And then?'],
    ['Sum up.\n\nall of it'],
    ['Hi!', ', there was', 'And then?', ', there was', 'Sum up.\n\nall of it', ', there was', 'Again.'],
  ])
  expect(engine.requests[3]?.prompt).toMatchObject({ sendsEarlierTurns: true, systemText: 'Be short.' })
})

test('text streams beside the messages, which change only at the beginning and the end', async () => {
  const { say, state, engine } = await onChat({ byHand: true })
  const saying = say('Hi!')
  await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
  engine.step()
  await vi.waitFor(() => expect(state().live?.text).toBe(','))
  const { messages, path } = state()
  engine.step()
  await vi.waitFor(() => expect(state().live?.text).toBe(', there'))
  expect(state().messages).toBe(messages)
  expect(state().path).toBe(path)
  expect(state()).toMatchObject({ run: { kind: 'writing' }, live: { startsAt: 0, tokens: 2 } })
  engine.step()
  await saying
  expect(state().path.at(-1)?.text).toBe(', there was')
})

test('stopping keeps what is written so far', async () => {
  const { conversation, say, state, engine, last } = await onChat({ byHand: true })
  const saying = say('Hi!')
  engine.step()
  await vi.waitFor(() => expect(state().run.kind).toBe('writing'))
  expect(conversation.canSend()).toBe(false)
  conversation.stop()
  expect(state().run.kind).toBe('stopping')
  await saying
  expect(last()).toMatchObject({ text: ',', state: 'done', finish: 'stopped' })
})

describe('while the model loads', () => {
  async function loadingChat() {
    const gates: (() => void)[] = []
    const parts = openChatDesk({ loading: () => new Promise<void>((resolve) => void gates.push(resolve)) })
    const starting = parts.app.start()
    await vi.waitFor(() => expect(gates).toHaveLength(1))
    const choosing = parts.app.select(installed('chat'))
    await vi.waitFor(() => expect(gates).toHaveLength(2))
    parts.app.conversation.setDraft({ text: 'Hi!', input: '' })
    const sending = parts.app.conversation.send()
    const load = async () => {
      for (const gate of gates) gate()
      await Promise.all([starting, choosing])
    }
    return { ...parts, sending, load, state: () => parts.app.conversation.store.getState() }
  }

  test('a message waits and goes when it is ready', async () => {
    const { sending, load, state, engine } = await loadingChat()
    expect(state()).toMatchObject({ run: { kind: 'waiting' }, path: [], chat: { draft: { text: 'Hi!' } } })
    expect(engine.requests).toEqual([])
    await load()
    await sending
    expect(state().path.map(({ text }) => text)).toEqual(['Hi!', ', there was'])
  })

  test('it can be taken back, and the draft is still there', async () => {
    const { sending, load, state, engine, app } = await loadingChat()
    app.conversation.stop()
    await sending
    expect(state()).toMatchObject({ run: { kind: 'idle' }, path: [], chat: { draft: { text: 'Hi!' } } })
    await load()
    expect(engine.requests).toEqual([])
  })

  test('a load that fails leaves the draft', async () => {
    const { sending, load, state, engine } = await loadingChat()
    engine.loadProblem = { code: 'load-failed', detail: 'out of memory' }
    await load()
    await sending
    expect(state()).toMatchObject({ run: { kind: 'idle' }, path: [], chat: { draft: { text: 'Hi!' } } })
  })

  test('a model of another kind is not sent what was meant for this one', async () => {
    const { sending, load, state, engine, app } = await loadingChat()
    const choosing = app.select(installed('base'))
    await vi.waitFor(() => expect(engine.loads).toHaveLength(3))
    await load()
    await Promise.all([choosing, sending])
    expect(engine.requests).toEqual([])
    expect(state().chat?.draft.text).toBe('Hi!')
  })
})

describe('versions', () => {
  test('another answer is a sibling, and choosing a version shows what hangs on it', async () => {
    const { conversation, say, state, last, texts, backend } = await onChat()
    await say('Hi!')
    const first = last()
    await say('And then?')
    const end = last()
    await conversation.regenerate(first.id)
    expect(conversation.versionsOf(first.id).map(({ id }) => id)).toEqual([first.id, last().id])
    expect(texts()).toEqual(['Hi!', ', there was'])
    conversation.chooseVersion(first.id)
    expect(last()).toBe(end)
    await vi.waitFor(() => expect(backend.chats.get(state().chat?.id ?? '')?.leafId).toBe(end.id))
  })

  test('an edited question is a sibling with an answer of its own', async () => {
    const { conversation, say, state, texts, engine } = await onChat()
    await say('Hi!')
    const [question] = state().path
    await conversation.resend(question?.id ?? '', ' Hello! ', '')
    expect(texts()).toEqual(['Hello!', ', there was'])
    expect(state().messages.size).toBe(4)
    expect(conversation.versionsOf(question?.id ?? '')).toHaveLength(2)
    expect(engine.requests[1]?.prompt).toEqual({ kind: 'turns', turns: [{ role: 'user', text: 'Hello!' }] })
  })

  test('an answer that was cut goes on in its own message', async () => {
    const { conversation, say, last, engine, backend } = await onChat()
    await say('Hi!')
    const { id } = last()
    await conversation.continueAnswer(id)
    expect(last()).toMatchObject({ id, text: ', there was, there was', state: 'done' })
    expect(engine.requests[1]?.prompt).toMatchObject({ replySoFar: ', there was', turns: [{ text: 'Hi!' }] })
    expect(backend.messages.get(id)?.text).toBe(', there was, there was')
    expect(backend.records.get(id)).toMatchObject({ startsAt: 11 })
  })

  test('a branch becomes a chat of its own, records included', async () => {
    const { conversation, say, state, texts, last, backend } = await onChat()
    await say('Hi!')
    const { id } = last()
    await say('And then?')
    const before = state().chat?.id
    await conversation.fork(id)
    expect(state().chat?.id).not.toBe(before)
    expect(texts()).toEqual(['Hi!', ', there was'])
    expect(backend.chats.size).toBe(2)
    expect(backend.records.get(last().id)).toMatchObject({ messageId: last().id, prompt: { kind: 'turns' } })
  })

  test('an answer from a comparison stands beside the one to the same question, or behind with its question', async () => {
    const { conversation, say, state, texts, last, backend } = await onChat()
    await say('Hi!')
    const { writer } = last()
    if (writer === null) throw new Error('a model wrote it')
    const answer = { text: 'Hello.', writer, figures: null, finish: 'stop', seed: 5, record: null } as const
    await conversation.adopt({ ...answer, question: { text: 'Hi!', input: '' } })
    expect(texts()).toEqual(['Hi!', 'Hello.'])
    await conversation.adopt({ ...answer, question: { text: 'Else?', input: '' } })
    expect(texts()).toEqual(['Hi!', 'Hello.', 'Else?', 'Hello.'])
    expect([...backend.messages.values()]).toHaveLength(state().messages.size)
  })
})

describe('taking back', () => {
  test('the newest exchange: its question is the draft again, and it stays as a version', async () => {
    const { conversation, say, state, texts } = await onChat()
    expect(conversation.canUndo()).toBe(false)
    await say('Hi!')
    await say('And then?')
    conversation.undo()
    expect(texts()).toEqual(['Hi!', ', there was'])
    expect(state().chat?.draft.text).toBe('And then?')
    expect(state().messages.size).toBe(4)
  })

  test('a removed message comes back with everything behind it', async () => {
    const { conversation, say, state, texts, backend } = await onChat()
    await say('Hi!')
    await say('And then?')
    const [, answer] = state().path
    await conversation.removeMessage(answer?.id ?? '')
    expect(texts()).toEqual(['Hi!'])
    expect(backend.messages.size).toBe(1)
    expect(state().canBringBack).toBe(true)
    conversation.undo()
    expect(texts()).toEqual(['Hi!', ', there was', 'And then?', ', there was'])
    await vi.waitFor(() => expect([backend.messages.size, backend.records.size]).toEqual([4, 2]))
    expect(state().canBringBack).toBe(false)
  })

  test('where another version is, that is seen when one is removed', async () => {
    const { conversation, say, state, last } = await onChat()
    await say('Hi!')
    const first = last()
    await conversation.regenerate(first.id)
    await conversation.removeMessage(last().id)
    expect(last().id).toBe(first.id)
    expect(state().chat?.leafId).toBe(first.id)
  })
})

describe('failures', () => {
  test.each(['too-long', 'context-full'] as const)('%s: the message stays a draft', async (code) => {
    const { say, state, engine, texts, backend } = await onChat()
    await say('Hi!')
    engine.writeProblem = { code, promptTokens: 300, limitTokens: 128 }
    await say('so long', 'an input')
    expect(texts()).toEqual(['Hi!', ', there was'])
    expect(state()).toMatchObject({ problem: { code }, run: { kind: 'idle' }, messages: { size: 2 } })
    expect(state().chat?.draft).toEqual({ text: 'so long', input: 'an input' })
    await vi.waitFor(() => expect(backend.messages.size).toBe(2))
  })

  test('a version that could not be sent is gone, and the branch is what it was', async () => {
    const { conversation, say, state, engine, last } = await onChat()
    await say('Hi!')
    const before = last()
    engine.writeProblem = { code: 'bad-schema', detail: 'no' }
    await conversation.regenerate(before.id)
    expect(last()).toBe(before)
    await conversation.resend(before.parentId ?? '', 'Else', '')
    expect(last()).toBe(before)
    expect(state().messages.size).toBe(2)
    await conversation.continueAnswer(before.id)
    expect(last()).toEqual(before)
  })

  test('a run that fails keeps the question and can be asked again', async () => {
    const { conversation, say, state, engine, texts, last } = await onChat()
    engine.writeProblem = { code: 'write-failed', detail: 'validation error' }
    await say('Hi!')
    expect(texts()).toEqual(['Hi!', ''])
    expect(state().problem).toMatchObject({ code: 'write-failed' })
    expect(last().state).toBe('interrupted')
    engine.writeProblem = null
    await conversation.regenerate(last().id)
    expect(texts()).toEqual(['Hi!', ', there was'])
    expect(state().problem).toBeNull()
  })

  test('after a lost device the text stays, the model is loaded again and the person is told', async () => {
    const { app, say, state, engine, last, backend } = await onChat({ byHand: true })
    const saying = say('Hi!')
    engine.step()
    await vi.waitFor(() => expect(state().live?.text).toBe(','))
    engine.lose('the GPU process crashed')
    expect(app.models.getState().recovery).toBe('reloading')
    await saying
    await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
    expect(app.models.getState().recovery).toBe('reloaded')
    expect(last()).toMatchObject({ text: ',', state: 'interrupted', finish: null })
    expect(state().problem).toBeNull()
    expect(backend.messages.get(last().id)).toMatchObject({ text: ',', state: 'interrupted' })
  })

  test('another model ends the run, and what it wrote stays', async () => {
    const { app, say, state, engine, last } = await onChat({ byHand: true })
    const saying = say('Hi!')
    engine.step()
    await vi.waitFor(() => expect(state().live?.text).toBe(','))
    await app.select(installed('instruct'))
    await saying
    expect(last()).toMatchObject({ text: ',', finish: 'stopped', writer: { variant: 'chat' } })
    expect(state()).toMatchObject({ problem: null, run: { kind: 'idle' } })
  })
})

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
