// Chats that a newer Hearth wrote: they are read, and nothing asks main to change them. Temporary chats do everything.
import { expect, test } from 'vitest'
import { chatDesk } from '../../../support/chatDesk.ts'
import { chatsBackend } from '../../../support/chatsBackend.ts'
import { installed } from '../../../support/models.ts'

/** With one chat of one exchange from an earlier window. */
async function newer() {
  const backend = chatsBackend()
  const before = await chatDesk({ backend })
  await before.app.select(installed('chat'))
  await before.app.conversation.create()
  before.app.conversation.setDraft({ text: 'Hi!', input: '' })
  await before.app.conversation.send()
  await before.clock.pass(1000)
  backend.notice = { kind: 'read-only', detail: '' }
  backend.asked.length = 0
  const parts = await chatDesk({ backend })
  await parts.app.select(installed('chat'))
  const { conversation } = parts.app
  return { ...parts, conversation, state: () => conversation.store.getState() }
}

const changes = ({ asked }: ReturnType<typeof chatsBackend>) =>
  asked.map(({ channel }) => channel).filter((channel) => !/^chats\.(overview|open|record|search)$/.test(channel))

test('a chat is read, and nothing that would change it is done or sent', async () => {
  const { conversation, state, backend, engine, clock } = await newer()
  const [question, answer] = state().path
  if (question === undefined || answer === undefined) throw new Error('there is one exchange')
  expect(conversation.isLocked()).toBe(true)
  conversation.setDraft({ text: 'And then?', input: '' })
  expect(state().chat?.draft.text).toBe('And then?')
  expect([conversation.canSend(), conversation.canUndo()]).toEqual([false, false])
  await conversation.send()
  await conversation.regenerate(answer.id)
  await conversation.resend(question.id, 'Ho!', '')
  await conversation.continueAnswer(answer.id)
  await conversation.runAgain(answer.id)
  await conversation.removeMessage(question.id)
  conversation.undo()
  conversation.chooseVersion(question.id)
  conversation.change({ whenFull: 'stop' })
  await clock.pass(5000)
  expect(state().path).toEqual([question, answer])
  expect(engine.requests).toEqual([])
  expect(changes(backend)).toEqual([])
})

test('a base model’s text is not edited', async () => {
  const { app, conversation, state, backend } = await newer()
  await app.select(installed('base'))
  const before = state().document?.text
  conversation.editDocument('Else')
  expect(state().document?.text).toBe(before)
  expect(changes(backend)).toEqual([])
})

test('a new chat and a branch in a new chat are temporary, and a model writes in them', async () => {
  const { conversation, state, backend, engine, clock } = await newer()
  await conversation.fork(state().path.at(-1)?.id ?? '')
  expect(state()).toMatchObject({ isTemporary: true, path: [{ text: 'Hi!' }, { role: 'assistant' }] })
  conversation.setDraft({ text: 'And then?', input: '' })
  await conversation.send()
  expect(state().path).toHaveLength(4)
  await conversation.create()
  expect(state().isTemporary).toBe(true)
  expect(conversation.isLocked()).toBe(false)
  conversation.setDraft({ text: 'Hi!', input: '' })
  await conversation.send()
  await clock.pass(5000)
  expect(engine.requests).toHaveLength(2)
  expect(changes(backend)).toEqual([])
})
