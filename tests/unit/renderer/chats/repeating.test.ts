// An answer once more from its record, and another token at one place.
import { expect, test } from 'vitest'
import type { InstalledModel } from '../../../../shared/model.ts'
import { type ChatDeskOptions, chatDesk } from '../../../support/chatDesk.ts'
import { installed } from '../../../support/models.ts'

async function answered(options: ChatDeskOptions = {}, keepProbabilities = false) {
  const parts = await chatDesk(options)
  await parts.app.select(installed('chat'))
  const { conversation } = parts.app
  const state = () => conversation.store.getState()
  conversation.setSampling('chat', { ...conversation.samplingOf('chat'), keepProbabilities })
  conversation.setDraft({ text: 'Hi!', input: '' })
  await conversation.send()
  const id = state().path.at(-1)?.id ?? ''
  return { ...parts, conversation, state, id }
}

test('a record sent again is a version beside the answer, with the same seed, and says whether the text is the same', async () => {
  const { conversation, state, engine, id } = await answered()
  await conversation.runAgain(id)
  const [first, second] = engine.requests
  expect(second?.prompt).toEqual({ kind: 'exact', prompt: { kind: 'turns', pieces: [{ role: 'user', text: 'Hi!' }] } })
  expect(second?.sampling).toEqual({ ...first?.sampling, fromEmptyCache: true })
  expect(conversation.versionsOf(id)).toHaveLength(2)
  expect(state().repeated).toEqual({ messageId: state().path.at(-1)?.id, isSame: true, fromCache: false })
})

test('another text is told', async () => {
  const words = ['one', ' two']
  const { conversation, state, id } = await answered({ words })
  words[1] = ' three'
  await conversation.runAgain(id)
  expect(state().repeated?.isSame).toBe(false)
  expect(state().path.at(-1)?.text).toBe('one three')
})

test('of an answer that was written while the turns before were remembered, that is said too; with a seed of a person nothing is remembered', async () => {
  const { conversation, state, id, backend } = await answered({ cachedTokens: 3 })
  await conversation.runAgain(id)
  expect(state().repeated).toMatchObject({ isSame: true, fromCache: true })
  conversation.setSampling('chat', { ...conversation.samplingOf('chat'), seed: 5 })
  conversation.setDraft({ text: 'And now?', input: '' })
  await conversation.send()
  const answer = state().path.at(-1)?.id ?? ''
  expect([id, answer].map((one) => backend.records.get(one)?.cachedTokens)).toEqual([3, 0])
  await conversation.runAgain(answer)
  expect(state().repeated).toMatchObject({ isSame: true, fromCache: false })
})

test('tokens that were not kept come into the old record when the text is the same', async () => {
  const { conversation, id, backend } = await answered()
  expect(backend.records.get(id)?.tokens).toBeNull()
  await conversation.runAgain(id, { keepProbabilities: true })
  expect(backend.records.get(id)?.tokens?.map(({ text }) => text)).toEqual([',', ' there', ' was'])
})

test('the model that wrote it is loaded for it', async () => {
  const { app, conversation, engine, id } = await answered()
  await app.select(installed('instruct'))
  await conversation.runAgain(id)
  expect(app.models.getState().selected).toEqual(installed('chat'))
  expect(engine.requests.at(-1)?.prompt.kind).toBe('exact')
})

test('a model that is gone is said so, and nothing is written', async () => {
  const { app, conversation, engine, state, id } = await answered()
  const rest: readonly InstalledModel[] = [installed('base')]
  app.models.setState({ installed: rest, selected: installed('base') })
  await conversation.runAgain(id)
  expect(state().problem).toMatchObject({
    code: 'load-failed',
    detail: 'TinyStories 15M chat is not installed any more',
  })
  expect(engine.requests).toHaveLength(1)
})

test('an answer that a person stopped is repeated as far as it went', async () => {
  const { conversation, state, engine } = await answered({ byHand: true, words: [] })
  const { id = '' } = state().path.at(-1) ?? {}
  const message = state().messages.get(id)
  if (message?.figures == null) throw new Error('it has figures')
  const stopped = { ...message, finish: 'stopped' as const, figures: { ...message.figures, completionTokens: 7 } }
  Object.assign(message, stopped)
  await conversation.runAgain(id)
  expect(engine.requests[1]?.sampling.maxTokens).toBe(7)
})

test('a text goes on behind another token, as a version', async () => {
  const { conversation, state, engine, id } = await answered({}, true)
  await conversation.branchAt(id, 1, { id: 999, text: ' once', logProbability: -2 })
  expect(engine.requests[1]?.prompt).toMatchObject({ turns: [{ text: 'Hi!' }], replySoFar: ', once' })
  expect(state().path.at(-1)).toMatchObject({
    role: 'assistant',
    text: ', once, there was',
    parentId: state().path[0]?.id,
  })
  expect(conversation.versionsOf(id)).toHaveLength(2)
})

test('the gap that a reply begins with is not shown in another first token either', async () => {
  const { conversation, state, id } = await answered({}, true)
  await conversation.branchAt(id, 0, { id: 999, text: ' Once', logProbability: -2 })
  expect(state().path.at(-1)?.text).toBe('Once, there was')
})

test('in a document the other token and what follows are one stretch', async () => {
  const { app } = await chatDesk()
  const state = () => app.conversation.store.getState()
  app.conversation.setSampling('base', { ...app.conversation.samplingOf('base'), keepProbabilities: true })
  await app.conversation.send()
  const id = state().document?.messageId ?? ''
  await app.conversation.branchAt(id, 2, { id: 999, text: ' is', logProbability: -2 })
  expect(state().document).toMatchObject({
    text: 'Once upon a time, there is, there was',
    written: [{ start: 16, end: 37, continuation: 1 }],
  })
  expect(app.conversation.versionsOf(id)).toHaveLength(2)
})

test('an answer without kept tokens cannot be branched', async () => {
  const { conversation, engine, id } = await answered()
  await conversation.branchAt(id, 1, { id: 999, text: ' once', logProbability: -2 })
  expect(engine.requests).toHaveLength(1)
})
