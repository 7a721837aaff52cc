// How the context would be used, asked of the model when typing pauses.
import { expect, test } from 'vitest'
import { chatDesk } from '../../../support/chatDesk.ts'
import { settled } from '../../../support/fakeClock.ts'
import { installed } from '../../../support/models.ts'

async function onChat() {
  const parts = await chatDesk()
  await parts.app.select(installed('chat'))
  const { conversation } = parts.app
  return { ...parts, conversation, state: () => conversation.store.getState() }
}

test('the draft counts with what was said before, once typing has paused', async () => {
  const { conversation, state, engine, clock } = await onChat()
  conversation.setDraft({ text: 'Hi there!', input: '' })
  await conversation.send()
  await clock.pass(300)
  const before = engine.inspections.length
  conversation.setDraft({ text: 'And', input: '' })
  conversation.setDraft({ text: 'And then what?', input: '' })
  await clock.pass(299)
  expect(engine.inspections).toHaveLength(before)
  await clock.pass(1)
  expect(engine.inspections).toHaveLength(before + 1)
  expect(engine.inspections.at(-1)?.prompt).toMatchObject({
    turns: [{ text: 'Hi there!' }, { text: ', there was' }, { text: 'And then what?' }],
  })
  expect(state().context).toEqual({
    systemTokens: 1,
    historyTokens: 5,
    draftTokens: 3,
    replyTokens: 32,
    contextTokens: 64,
    forgotten: [],
    cutId: null,
  })
})

test('an empty draft is a turn without words', async () => {
  const { engine, clock } = await onChat()
  await clock.pass(300)
  expect(engine.inspections.at(-1)?.prompt).toEqual({ kind: 'turns', turns: [{ role: 'user', text: '' }] })
})

test('messages that would be left out are named', async () => {
  const { conversation, state, engine, clock } = await onChat()
  for (const text of ['One', 'Two']) {
    conversation.setDraft({ text, input: '' })
    await conversation.send()
  }
  const inspect = engine.inspect
  engine.inspect = async (...given) => ({ ...(await inspect(...given)), omitted: { characters: 0, turns: 2 } })
  conversation.setDraft({ text: 'Three', input: '' })
  await clock.pass(300)
  expect(state().context?.forgotten).toEqual(
    state()
      .path.slice(0, 2)
      .map(({ id }) => id),
  )
})

test('of a document the beginning is left out before the question about it, and both are told apart', async () => {
  const { app, engine, clock } = await chatDesk()
  const { conversation } = app
  await conversation.send()
  await app.select(installed('chat'))
  const state = () => conversation.store.getState()
  const [document] = state().path
  const inspect = engine.inspect
  let omitted = { characters: 12, turns: 0 }
  engine.inspect = async (...given) => ({ ...(await inspect(...given)), omitted })
  conversation.setDraft({ text: 'And?', input: '' })
  await clock.pass(300)
  expect(engine.inspections.at(-1)?.prompt).toMatchObject({ turns: [{ mayBeCut: true }, { text: 'And?' }] })
  expect(state().context).toMatchObject({ forgotten: [], cutId: document?.id })
  omitted = { characters: 0, turns: 1 }
  conversation.setDraft({ text: 'And then?', input: '' })
  await clock.pass(300)
  expect(state().context).toMatchObject({ forgotten: [document?.id], cutId: null })
})

test('a model that cannot say leaves it open, and another chat is not told of this one', async () => {
  const { conversation, state, engine, clock } = await onChat()
  await clock.pass(300)
  expect(state().context).not.toBeNull()
  engine.inspectProblem = { code: 'too-long', promptTokens: 300, limitTokens: 128 }
  conversation.setDraft({ text: 'so long', input: '' })
  await clock.pass(300)
  expect(state().context).toBeNull()
  engine.inspectProblem = null
  conversation.setDraft({ text: 'short', input: '' })
  await conversation.create()
  await settled()
  expect(state().context).toBeNull()
})

test('the prompt can be looked at with the template and without', async () => {
  const { conversation, engine } = await onChat()
  conversation.setDraft({ text: 'Hi!', input: '' })
  await conversation.inspect({ template: true })
  await conversation.inspect({ template: false })
  expect(engine.inspections.slice(-2).map(({ prompt }) => prompt)).toEqual([
    { kind: 'turns', turns: [{ role: 'user', text: 'Hi!' }] },
    { kind: 'completion', text: 'Hi!' },
  ])
})
