// When text goes to the disk, and what happens when it cannot.
import { describe, expect, test, vi } from 'vitest'
import type { Bridge } from '../../../../renderer/ipc.ts'
import { type ChatDeskOptions, chatDesk } from '../../../support/chatDesk.ts'
import { chatsBackend } from '../../../support/chatsBackend.ts'
import { settled } from '../../../support/fakeClock.ts'
import { installed } from '../../../support/models.ts'

async function onChat(options: ChatDeskOptions = {}) {
  const parts = await chatDesk(options)
  await parts.app.select(installed('chat'))
  const { conversation, chats } = parts.app
  const state = () => conversation.store.getState()
  const say = (text: string) => {
    conversation.setDraft({ text, input: '' })
    return conversation.send()
  }
  const asked = (channel: string) => parts.backend.asked.filter((one) => one.channel === channel)
  const failure = () => chats.store.getState().failure
  return { ...parts, conversation, state, say, asked, failure }
}

const internal = { code: 'internal', message: 'the process is starting again' } as const
const full = {
  code: 'failed',
  message: 'no space',
  problem: { code: 'disk-full', needBytes: 10, freeBytes: 0 },
} as const

test('an answer is appended every half second', async () => {
  const { say, state, engine, clock, asked, backend } = await onChat({ byHand: true, words: ['a', 'b', 'c', 'd'] })
  const saying = say('Hi!')
  await vi.waitFor(() => expect(state().run.kind).toBe('reading'))
  for (const text of ['a', 'ab']) {
    engine.step()
    await vi.waitFor(() => expect(state().live?.text).toBe(text))
  }
  await clock.pass(499)
  expect(asked('chats.append')).toEqual([])
  await clock.pass(1)
  const { id } = state().path.at(-1) ?? {}
  expect(asked('chats.append').map(({ input }) => input)).toEqual([{ id, at: 0, text: 'ab' }])
  engine.step()
  await vi.waitFor(() => expect(state().live?.text).toBe('abc'))
  await clock.pass(500)
  expect(asked('chats.append')[1]?.input).toEqual({ id, at: 2, text: 'c' })
  expect(backend.messages.get(id ?? '')).toMatchObject({ text: 'abc', state: 'streaming' })
  engine.step()
  await saying
  expect(backend.messages.get(id ?? '')).toMatchObject({ text: 'abcd', state: 'done' })
})

test('what was written a moment ago is saved when the window closes', async () => {
  const { conversation, say, state, engine, backend } = await onChat({ byHand: true })
  const saying = say('Hi!')
  engine.step()
  await vi.waitFor(() => expect(state().live?.text).toBe(','))
  conversation.flush()
  await settled()
  expect(backend.messages.get(state().live?.messageId ?? '')?.text).toBe(',')
  conversation.stop()
  await saying
})

test('what waits for an earlier request is sent when the window closes, in its order, and what is sent twice counts once', async () => {
  const backend = chatsBackend()
  const create = backend.answers['chats.create']
  const { promise: never } = Promise.withResolvers<never>()
  // It reaches the disk, but its answer does not reach the window any more.
  const slow: Partial<Bridge> = {
    ...backend.answers,
    'chats.create': async (input) => {
      await create?.(input)
      return await never
    },
  }
  const { app } = await chatDesk({ backend, answers: slow })
  app.conversation.editDocument('One')
  app.conversation.editDocument('One two')
  app.conversation.flush()
  await settled()
  expect([...backend.messages.values()].map(({ text }) => text)).toEqual(['One'])
  app.conversation.close()
  await settled()
  expect([...backend.messages.values()].map(({ text }) => text)).toEqual(['One two'])
})

test('64 tokens are appended at once, and nothing is sent for each', async () => {
  const { say, asked, backend } = await onChat({ words: Array.from({ length: 200 }, () => 'x') })
  await say('Hi!')
  expect(asked('chats.append').map(({ input }) => (input as { text: string }).text.length)).toEqual([64, 64, 64])
  expect([...backend.messages.values()][1]?.text).toHaveLength(200)
})

test('a draft is saved when typing pauses, and makes the chat', async () => {
  const { conversation, clock, asked, backend, state } = await onChat()
  conversation.setDraft({ text: 'H', input: '' })
  conversation.setDraft({ text: 'He', input: '' })
  await clock.pass(399)
  expect(backend.chats.size).toBe(0)
  await clock.pass(1)
  expect(backend.chats.get(state().chat?.id ?? '')?.draft.text).toBe('He')
  conversation.setDraft({ text: 'Hey', input: '' })
  await clock.pass(400)
  expect(asked('chats.change')).toHaveLength(1)
  expect(backend.chats.get(state().chat?.id ?? '')?.draft.text).toBe('Hey')
})

describe('when it cannot be saved', () => {
  test('a process that starts again is waited for, and nobody is told', async () => {
    const { say, clock, backend, state, failure } = await onChat()
    backend.failure = internal
    const saying = say('Hi!')
    await settled()
    expect(state().path).toHaveLength(2)
    await clock.pass(200)
    backend.failure = null
    await clock.pass(800)
    await saying
    expect(failure()).toBeNull()
    expect([...backend.messages.values()]).toEqual(state().path)
  })

  test('a full disk is told, the answer is written all the same, and everything is saved once there is room', async () => {
    const { say, backend, state, failure } = await onChat()
    backend.failure = full
    await say('Hi!')
    expect(failure()).toMatchObject({ problem: { code: 'disk-full' } })
    expect(state().path.map(({ text }) => text)).toEqual(['Hi!', ', there was'])
    expect(backend.messages.size).toBe(0)
    backend.failure = null
    await say('More')
    await settled()
    expect(failure()).toBeNull()
    expect([...backend.messages.values()]).toEqual(state().path)
    expect(backend.records.size).toBe(2)
  })

  test('trying is bounded', async () => {
    const { say, clock, backend, asked, failure } = await onChat()
    backend.failure = internal
    const saying = say('Hi!')
    await settled()
    await clock.pass(60_000)
    await saying
    expect(failure()).toMatchObject({ code: 'internal' })
    await clock.pass(24 * 3_600_000)
    const tries = asked('chats.create').length
    await clock.pass(24 * 3_600_000)
    expect(asked('chats.create')).toHaveLength(tries)
    expect(tries).toBeLessThan(50)
  })

  test('it is tried again by itself, and whoever has seen the failure is not told again', async () => {
    const { app, say, clock, backend, state, failure } = await onChat()
    backend.failure = full
    await say('Hi!')
    app.chats.dismiss()
    await clock.pass(30_000)
    expect([failure(), backend.messages.size]).toEqual([null, 0])
    backend.failure = null
    await clock.pass(30_000)
    expect([...backend.messages.values()]).toEqual(state().path)
  })

  test('a chat that is left is kept in memory until it is saved', async () => {
    const { conversation, say, backend, state } = await onChat()
    backend.failure = full
    await say('Hi!')
    const id = state().chat?.id ?? ''
    await conversation.create()
    await conversation.open(id)
    expect(state().path.map(({ text }) => text)).toEqual(['Hi!', ', there was'])
  })

  test('what main will never take does not hold up the rest', async () => {
    const { conversation, say, backend, state, failure } = await onChat()
    await say('Hi!')
    conversation.setDraft({ text: 'x'.repeat(4_000_001), input: '' })
    conversation.flush()
    await settled()
    expect(failure()).toMatchObject({ code: 'invalid-input' })
    await say('More')
    expect([...backend.messages.values()]).toEqual(state().path)
  })

  test('chats that cannot be listed do not keep a model from writing', async () => {
    const parts = await onChat()
    parts.backend.failure = full
    const { app } = await chatDesk({ backend: parts.backend })
    expect(app.chats.store.getState().failure).toMatchObject({ problem: { code: 'disk-full' } })
    await app.conversation.create({ isTemporary: true })
    app.conversation.editDocument('Once')
    await app.conversation.send()
    expect(app.conversation.store.getState().document?.text).toBe('Once, there was')
  })
})
