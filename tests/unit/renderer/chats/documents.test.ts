// A base model's text without a screen: the first page, edits, continuations, versions, and a chat that becomes a text and a chat again.
import { describe, expect, test, vi } from 'vitest'
import { type ChatDeskOptions, chatDesk } from '../../../support/chatDesk.ts'
import { chatsBackend } from '../../../support/chatsBackend.ts'
import { family, installed, ownChat } from '../../../support/models.ts'

async function onBase(options: ChatDeskOptions = {}) {
  const parts = await chatDesk(options)
  const { conversation } = parts.app
  const state = () => conversation.store.getState()
  const text = () => state().document?.text
  return { ...parts, conversation, state, text }
}

test('on the very first launch the bundled model continues the beginning of a story; nothing is kept before', async () => {
  const { conversation, state, text, engine, backend } = await onBase()
  expect(text()).toBe('Once upon a time')
  expect(backend.chats.size).toBe(0)
  expect(conversation.canSend()).toBe(true)
  await conversation.send()
  expect(engine.requests[0]?.prompt).toEqual({ kind: 'completion', text: 'Once upon a time' })
  expect(state().document).toEqual({
    messageId: state().chat?.leafId,
    text: 'Once upon a time, there was',
    written: [{ start: 16, end: 27, continuation: 1 }],
  })
  expect([...backend.messages.values()]).toEqual(state().path)
  expect(state().path).toMatchObject([
    { role: 'document', scaffold: 'plain', state: 'done', writer: { variant: 'base' } },
  ])
})

test('later new chats are empty, and so is the first where no bundled model is', async () => {
  const { conversation, text } = await onBase()
  await conversation.create()
  expect(text()).toBe('')
  const other = { ...ownChat, manifest: { ...ownChat.manifest, variant: 'base' as const } }
  expect((await onBase({ models: [other] })).text()).toBe('')
})

test('the first change keeps the text, further ones are saved when typing pauses', async () => {
  const { conversation, state, clock, backend } = await onBase()
  conversation.editDocument('Once upon a time I')
  const id = state().document?.messageId ?? ''
  await vi.waitFor(() => expect(backend.messages.get(id)?.text).toBe('Once upon a time I'))
  conversation.editDocument('Once upon a time I s')
  conversation.editDocument('Once upon a time I saw')
  await clock.pass(399)
  expect(backend.messages.get(id)?.text).toBe('Once upon a time I')
  await clock.pass(1)
  expect(backend.messages.get(id)?.text).toBe('Once upon a time I saw')
  expect(backend.asked.filter(({ channel }) => channel === 'chats.changeMessage')).toHaveLength(1)
})

test('a continuation appends a stretch, edits move it, and taking back removes the newest', async () => {
  const { conversation, state, text, backend } = await onBase()
  await conversation.send()
  conversation.editDocument(`But ${text()}`)
  expect(state().document?.written).toEqual([{ start: 20, end: 31, continuation: 1 }])
  await conversation.send()
  expect(state().document?.written).toEqual([
    { start: 20, end: 31, continuation: 1 },
    { start: 31, end: 42, continuation: 2 },
  ])
  conversation.undo()
  expect(text()).toBe('But Once upon a time, there was')
  conversation.undo()
  expect(text()).toBe('But Once upon a time')
  expect(conversation.canUndo()).toBe(false)
  await vi.waitFor(() => expect([...backend.messages.values()]).toEqual(state().path))
})

test('another continuation is a version of the document beside the first', async () => {
  const { conversation, state, text, engine } = await onBase()
  await conversation.send()
  const first = state().document?.messageId ?? ''
  await conversation.send()
  await conversation.regenerate(first)
  expect(engine.requests[2]?.prompt).toMatchObject({ text: 'Once upon a time, there was' })
  expect(text()).toBe('Once upon a time, there was, there was')
  expect(conversation.versionsOf(first)).toHaveLength(2)
  conversation.chooseVersion(first)
  expect(state().document?.messageId).toBe(first)
})

test('the text cannot be edited while a model writes in it', async () => {
  const { conversation, state, text, engine } = await onBase({ byHand: true })
  const sending = conversation.send()
  await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
  conversation.editDocument('mine')
  expect(text()).toBe('Once upon a time')
  engine.step()
  await vi.waitFor(() => expect(state().live?.text).toBe('Once upon a time,'))
  conversation.stop()
  await sending
  expect(state().document).toMatchObject({ text: 'Once upon a time,', written: [{ start: 16, end: 17 }] })
})

describe('a chat as a text', () => {
  async function chatThenBase(scaffold: 'plain' | 'dialogue') {
    const parts = await onBase()
    const { app, conversation } = parts
    await app.select(installed('chat'))
    await conversation.create()
    conversation.setDraft({ text: 'Hi!', input: '' })
    await conversation.send()
    conversation.change({ scaffold })
    await app.select(installed('base'))
    return parts
  }

  test('it is built from the conversation and not kept until it is changed', async () => {
    const { state, conversation, backend } = await chatThenBase('plain')
    const written = [{ start: 5, end: 16, continuation: 1 }]
    expect(state().document).toEqual({ messageId: null, text: 'Hi!\n\n, there was', written })
    expect(backend.messages.size).toBe(2)
    conversation.change({ scaffold: 'dialogue' })
    expect(state().document?.text).toBe('User: Hi!\nAssistant: , there was\nUser:')
    conversation.editDocument('User: Hi!\nAssistant: , there was\nUser: More')
    await vi.waitFor(() => expect(backend.messages.size).toBe(3))
    expect(state().path.map(({ role }) => role)).toEqual(['user', 'assistant', 'document'])
  })

  test('a dialogue stops at the other one’s line, and goes back into turns', async () => {
    const { app, state, conversation, engine } = await chatThenBase('dialogue')
    conversation.editDocument('User: Hi!\nAssistant: Hello.\nUser: More?\nAssistant:')
    await conversation.send()
    expect(engine.requests.at(-1)?.sampling.stopStrings).toEqual(['\nUser:'])
    await app.select(installed('chat'))
    expect(state().document).toBeNull()
    conversation.setDraft({ text: 'And?', input: '' })
    await conversation.send()
    expect(engine.requests.at(-1)?.prompt).toEqual({
      kind: 'turns',
      turns: [
        { role: 'user', text: 'Hi!' },
        { role: 'assistant', text: 'Hello.' },
        { role: 'user', text: 'More?' },
        { role: 'assistant', text: ', there was' },
        { role: 'user', text: 'And?' },
      ],
    })
  })

  test('a plain text stands before the next message', async () => {
    const { app, conversation, engine } = await chatThenBase('plain')
    await conversation.send()
    await app.select(installed('chat'))
    conversation.setDraft({ text: 'And?', input: '' })
    await conversation.send()
    expect(engine.requests.at(-1)?.prompt).toEqual({
      kind: 'turns',
      turns: [
        { role: 'user', text: 'Hi!\n\n, there was, there was', mayBeCut: true },
        { role: 'user', text: 'And?' },
      ],
    })
  })

  test('a comparison sends each variant what it would be sent', async () => {
    const { conversation } = await chatThenBase('dialogue')
    expect(conversation.promptFor('base', 'More?', '')).toEqual({
      kind: 'completion',
      text: 'User: Hi!\nAssistant: , there was\nUser: More?\nAssistant:',
    })
    expect(conversation.promptFor('chat', 'More?', 'note')).toMatchObject({
      turns: [{ text: 'Hi!' }, { text: ', there was' }, { text: 'More?\n\nnote' }],
    })
    expect(conversation.promptFor('instruct', 'More?', '')).toMatchObject({ turns: [{ text: 'More?' }] })
  })
})

test('a text is open again after a restart, with what models wrote in it', async () => {
  const backend = chatsBackend()
  const { conversation, state } = await onBase({ backend })
  await conversation.send()
  const { document } = state()
  const again = await onBase({ backend, models: family })
  expect(again.state().document).toEqual(document)
})
