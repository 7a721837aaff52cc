// The open conversation without a screen: sending, answers and their versions, stopping, taking back.
import { describe, expect, test, vi } from 'vitest'
import { onChat, openChatDesk } from '../../../support/chatDesk.ts'
import { installed } from '../../../support/models.ts'

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
