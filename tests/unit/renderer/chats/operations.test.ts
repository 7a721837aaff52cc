// Whatever a person does in whatever order: the tree stays a tree, nothing vanishes that was not removed, and the disk has what the window shows.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Bridge } from '../../../../renderer/ipc.ts'
import { pathTo } from '../../../../shared/chats/tree.ts'
import type { Message } from '../../../../shared/chats/types.ts'
import type { AppError } from '../../../../shared/ipc.ts'
import type { Variant } from '../../../../shared/model.ts'
import { chatDesk } from '../../../support/chatDesk.ts'
import { chatsBackend } from '../../../support/chatsBackend.ts'
import { settled } from '../../../support/fakeClock.ts'
import { installed } from '../../../support/models.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
import { realChats } from '../../../support/realChats.ts'

type Parts = Awaited<ReturnType<typeof chatDesk>>

/** `at`: which message, 0 to 1. */
type Step =
  | { readonly kind: 'send' | 'resend' | 'edit' | 'draft' | 'adopt'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'regenerate' | 'continue' | 'again' | 'choose' | 'remove' | 'fork' | 'open'
      readonly at: number
    }
  | { readonly kind: 'variant'; readonly variant: Variant }
  | { readonly kind: 'undo' | 'new' | 'refuse' | 'fail' | 'lose' | 'fullDisk' | 'room' }

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const texts = fc.constantFrom('Hi!', 'And then?', 'User: x', ' ', 'Once upon')
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('send', 'send', 'resend', 'edit', 'draft', 'adopt'), text: texts, at }),
  fc.record({ kind: fc.constantFrom('regenerate', 'continue', 'again', 'choose', 'remove', 'fork', 'open'), at }),
  fc.record({ kind: fc.constant('variant'), variant: fc.constantFrom<Variant>('base', 'instruct', 'chat') }),
  fc.record({ kind: fc.constantFrom('undo', 'undo', 'new', 'refuse', 'fail', 'lose', 'fullDisk', 'room') }),
)

const full = {
  code: 'failed',
  message: 'no space',
  problem: { code: 'disk-full', needBytes: 1, freeBytes: 0 },
} as const

/** Where the chats are kept: in an object, or in main’s file. */
interface Kept extends Disposable {
  readonly answers: Partial<Bridge>
  failure: AppError | null
}

async function act({ app, engine }: Parts, kept: Kept, step: Step): Promise<void> {
  const { conversation } = app
  const { messages, chat } = conversation.store.getState()
  const pick = <Item>(items: readonly Item[], where: number) => items[Math.floor(where * items.length)]
  const id = 'at' in step ? (pick([...messages.keys()], step.at) ?? '') : ''
  switch (step.kind) {
    case 'send':
      if (conversation.variant() !== 'base') conversation.setDraft({ text: step.text, input: '' })
      return conversation.send()
    case 'resend':
      return conversation.resend(id, step.text, '')
    case 'edit':
      return conversation.editDocument(step.text)
    case 'draft':
      return conversation.setDraft({ text: step.text, input: '' })
    case 'adopt': {
      const { key, manifest } = installed('chat')
      const writer = { key, id: manifest.id, title: '', family: '', variant: manifest.variant }
      const question = { text: step.text, input: '' }
      return conversation.adopt({ question, text: 'A', writer, figures: null, finish: 'stop', seed: 1, record: null })
    }
    case 'regenerate':
      return conversation.regenerate(id)
    case 'continue':
      return conversation.continueAnswer(id)
    case 'again':
      return conversation.runAgain(id, { keepProbabilities: step.at < 0.5 })
    case 'choose':
      return conversation.chooseVersion(id)
    case 'remove':
      return conversation.removeMessage(id)
    case 'fork':
      return conversation.fork(id)
    case 'open':
      return conversation.open(pick(app.chats.store.getState().chats, step.at)?.id ?? chat?.id ?? '')
    case 'variant':
      return app.select(installed(step.variant))
    case 'undo':
      return conversation.undo()
    case 'new':
      return conversation.create()
    case 'refuse':
    case 'fail': {
      engine.writeProblem =
        step.kind === 'fail'
          ? { code: 'write-failed', detail: '' }
          : { code: 'too-long', promptTokens: 2, limitTokens: 1 }
      if (conversation.variant() !== 'base') conversation.setDraft({ text: 'Too long', input: '' })
      await conversation.send()
      engine.writeProblem = null
      return
    }
    case 'lose':
      return engine.lose('gone')
    case 'fullDisk':
      kept.failure = full
      return
    case 'room':
      kept.failure = null
      return
    default:
      return step satisfies never
  }
}

/** What must not change without a person's wish. */
const words = ({ role, text, parentId }: Message) => ({ role, parentId, text: role === 'user' ? text : null })

function check({ app }: Parts, before: ReadonlyMap<string, Message>, mayVanish: boolean): void {
  const { chat, messages, path, run, live, document } = app.conversation.store.getState()
  expect([run.kind, live]).toEqual(['idle', null])
  expect(path).toEqual(pathTo(messages, chat?.leafId ?? null))
  expect(path.at(-1)?.id ?? null).toBe(chat?.leafId ?? null)
  for (const message of messages.values()) {
    if (message.parentId !== null) expect(messages.has(message.parentId)).toBe(true)
    expect(message.chatId).toBe(chat?.id)
    expect(message.state).not.toBe('streaming')
    for (const { start, end } of message.written) {
      expect(start).toBeLessThan(end)
      expect(end).toBeLessThanOrEqual(message.text.length)
    }
  }
  expect(document === null).toBe(app.conversation.variant() !== 'base')
  if (path.at(-1)?.role === 'document' && document !== null) expect(document.text).toBe(path.at(-1)?.text)
  if (mayVanish || [...before.values()][0]?.chatId !== chat?.id) return
  for (const [id, message] of before) {
    const now = messages.get(id)
    expect(now === undefined ? null : words(now)).toEqual(words(message))
  }
}

async function live(kept: Kept, sequence: readonly Step[]): Promise<void> {
  const parts = await chatDesk({ answers: kept.answers })
  const { conversation, chats } = parts.app
  const shown = new Map<string, readonly Message[]>()
  for (const step of sequence) {
    const before = conversation.store.getState().messages
    await act(parts, kept, step)
    await settled()
    check(parts, before, step.kind === 'remove')
    const { chat, messages } = conversation.store.getState()
    if (chat !== null) shown.set(chat.id, [...messages.values()])
  }
  kept.failure = null
  chats.dismiss()
  conversation.setDraft({ text: 'the end', input: '' })
  conversation.flush()
  await settled()
  expect(chats.store.getState().failure).toBeNull()
  const again = await chatDesk({ answers: kept.answers })
  for (const [id, messages] of shown) {
    if (messages.length === 0) continue
    await again.app.conversation.open(id)
    const found = again.app.conversation.store.getState().messages
    expect(new Map(messages.map((message) => [message.id, message]))).toEqual(found)
  }
}

test('a tree of messages stays one, and all of it is kept', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), (sequence) =>
      live(Object.assign(chatsBackend(), { [Symbol.dispose]: () => {} }), sequence),
    ),
    { numRuns: 150 },
  )
})

test('main’s file keeps it as well', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 20 }), async (sequence) => {
      const folder = mkdtempSync(join(quickFolder, 'hearth-chats-'))
      try {
        using kept = realChats(folder, () => 1_700_000_000_000)
        await live(kept, sequence)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }),
    { numRuns: 40 },
  )
})
