// The parts of the chat area that decide without a page: what is read aloud, how the context is cut, where keys lead, what is sent by Enter.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContextUse } from '../../../renderer/state/chats/api.ts'
import { contextParts, isFull } from '../../../renderer/views/chat/contextParts.ts'
import { estimateHeightPx } from '../../../renderer/views/chat/estimateHeight.ts'
import { isForgottenIn } from '../../../renderer/views/chat/forgotten.ts'
import { nextIndex } from '../../../renderer/views/chat/nextIndex.ts'
import { isSendKey } from '../../../renderer/views/chat/sendKey.ts'
import { finishedLength } from '../../../renderer/views/chat/sentences.ts'
import { withLive } from '../../../renderer/views/chat/withLive.ts'

const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1_000_000)
console.info(`chat area: seed ${seed}`)
const options = { seed, numRuns: 300 }

describe('what is read aloud while it comes', () => {
  test.each([
    ['One day, a cat', ''],
    ['One day. A cat', 'One day.'],
    ['It costs 3.5 euros', ''],
    ['“Is it so?” she said', '“Is it so?”'],
    ['- one\n- two', '- one\n'],
    ['これは文です。次', 'これは文です。'],
  ])('of “%s” it is “%s”', (text, read) => {
    expect(text.slice(0, finishedLength(text, 0))).toBe(read)
  })

  test('piece by piece nothing is read twice and nothing is left out', () => {
    const pieces = fc.array(fc.constantFrom('One', ' two', '.', '! ', '\n', ' ', '。', '?”', 'a.b'))
    fc.assert(
      fc.property(pieces, (written) => {
        let text = ''
        let at = 0
        let read = ''
        for (const piece of written) {
          text += piece
          const end = finishedLength(text, at)
          expect(end).toBeGreaterThanOrEqual(at)
          read += text.slice(at, end)
          at = end
        }
        expect(text.startsWith(read)).toBe(true)
      }),
      options,
    )
  })
})

const use = (more: Partial<ContextUse>): ContextUse => ({
  systemTokens: 0,
  historyTokens: 0,
  draftTokens: 0,
  replyTokens: 0,
  contextTokens: 256,
  forgotten: [],
  cutId: null,
  ...more,
})

describe('the context', () => {
  test('its parts are never more than the whole, and nothing is negative', () => {
    const tokens = fc.nat(5000)
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        tokens,
        fc.integer({ min: 1, max: 4096 }),
        (...[a, b, c, d, contextTokens]) => {
          const parts = contextParts(
            use({ systemTokens: a, historyTokens: b, draftTokens: c, replyTokens: d, contextTokens }),
          )
          expect(parts.reduce((sum, part) => sum + part.tokens, 0)).toBe(contextTokens)
          expect(parts.every((part) => part.tokens >= 0)).toBe(true)
        },
      ),
      options,
    )
  })

  test('is full when something is forgotten or the reply has no room', () => {
    expect(isFull(use({ historyTokens: 100, replyTokens: 96 }))).toBe(false)
    expect(isFull(use({ historyTokens: 200, replyTokens: 96 }))).toBe(true)
    expect(isFull(use({ forgotten: ['a'] }))).toBe(true)
    expect(isFull(use({ cutId: 'a' }))).toBe(true)
  })

  test('forgotten messages are known by their ids', () => {
    const full = use({ forgotten: ['a', 'b'] })
    expect([isForgottenIn(full, 'a'), isForgottenIn(full, 'c'), isForgottenIn(null, 'a')]).toEqual([true, false, false])
  })
})

test('keys lead through the messages and never out of them', () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const press = (key: string) => ({ key, ...plain })
  expect(nextIndex(press('ArrowUp'), 3, 10)).toBe(2)
  expect(nextIndex(press('ArrowUp'), 0, 10)).toBe(0)
  expect(nextIndex(press('PageDown'), 9, 10)).toBe(9)
  expect(nextIndex(press('End'), 2, 10)).toBe(9)
  expect(nextIndex(press('Home'), 2, 10)).toBe(0)
  expect(nextIndex(press('a'), 2, 10)).toBe(null)
  expect(nextIndex({ ...press('ArrowUp'), ctrlKey: true }, 2, 10)).toBe(null)
  expect(nextIndex(press('End'), 0, 0)).toBe(null)
})

test('Enter sends, but not with a modifier and not while an input method composes', () => {
  const enter = {
    key: 'Enter',
    keyCode: 13,
    isComposing: false,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
  }
  expect(isSendKey(enter)).toBe(true)
  expect(isSendKey({ ...enter, shiftKey: true })).toBe(false)
  expect(isSendKey({ ...enter, isComposing: true })).toBe(false)
  expect(isSendKey({ ...enter, keyCode: 229 })).toBe(false)
  expect(isSendKey({ ...enter, key: 'a' })).toBe(false)
})

test('a long message is expected to be higher than a short one', () => {
  expect(estimateHeightPx(2000)).toBeGreaterThan(estimateHeightPx(20) * 5)
})

test('the text that is being written is a stretch of its own at the end of the document', () => {
  const document = { messageId: 'm', text: 'Once upon', written: [{ start: 4, end: 9, continuation: 1 }] }
  const live = { messageId: 'm', text: 'Once upon a time', startsAt: 9, tokens: 2, tokensPerSecond: 9 }
  expect(withLive(document, live)).toEqual({
    text: 'Once upon a time',
    written: [
      { start: 4, end: 9, continuation: 1 },
      { start: 9, end: 16, continuation: 2 },
    ],
  })
  expect(withLive(document, { ...live, messageId: 'other' })).toBe(document)
  expect(withLive(document, null)).toBe(document)
})
