// What fails while a model is asked: the text stays, and who asks is told.
import { describe, expect, test, vi } from 'vitest'
import { onChat } from '../../../support/chatDesk.ts'
import { installed } from '../../../support/models.ts'

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
