// The open conversation without a screen, on an engine that writes a given text and chats kept in a plain object.
import { expect, test, vi } from 'vitest'
import { chatDesk } from '../../support/chatDesk.ts'
import { installed } from '../../support/models.ts'

test('continuing a document', async () => {
  const { app, engine, backend } = await chatDesk()
  await app.conversation.send()
  expect(engine.requests[0]?.prompt).toEqual({ kind: 'completion', text: 'Once upon a time' })
  expect(app.conversation.store.getState().document).toMatchObject({
    text: 'Once upon a time, there was',
    written: [{ start: 16, end: 27 }],
  })
  expect(backend.asked.map(({ channel }) => channel)).toEqual([])
})

test('chat', async () => {
  const { app, engine, backend } = await chatDesk()
  await app.select(installed('chat'))
  app.conversation.setDraft({ text: 'Hi!', input: '' })
  await app.conversation.send()
  expect(engine.requests[0]?.prompt).toEqual({})
  expect(backend.asked).toEqual([])
})
